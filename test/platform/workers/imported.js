self.imported = [location.protocol === 'blob:' ? 'a blob' : location.pathname, self.origin].join();
self.count = (self.count ?? 0) + 1;
