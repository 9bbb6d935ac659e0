<?php
$conf['title'] = 'Lock wiki';
$conf['savedir'] = getenv('WIKI_DIRECTORY') . '/data';
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['basedir'] = '/';
$conf['updatecheck'] = 0;
// No two visits are in the same minute.
$conf['dformat'] = 'this year';
$conf['license'] = '';
