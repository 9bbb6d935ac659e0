<?php
// Debian ships it for DokuWiki's own tests; it says so on every page.
$plugins['testing'] = 0;
