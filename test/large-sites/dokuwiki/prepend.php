<?php
// Before every script of DokuWiki's: its configuration is that of the test's own folder.
define('DOKU_CONF', getenv('WIKI_DIRECTORY') . '/conf/');
