function thrower() {
  return new Error('external');
}
