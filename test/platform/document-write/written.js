var external = [location.pathname, document.currentScript.src, top === window].join();
document.write('<u id=inner>by the script</u>');
