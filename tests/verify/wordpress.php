<?php
// Works on the WordPress in whose folder it stands: php desk.php WHAT [ARGUMENT ...]
define('WP_INSTALLING', $argv[1] === 'install');
$_SERVER['HTTP_HOST'] = parse_url(getenv('SITE'), PHP_URL_HOST) . ':' . parse_url(getenv('SITE'), PHP_URL_PORT);
require __DIR__ . '/wp-load.php';

switch ($argv[1]) {
    case 'install':
        require ABSPATH . 'wp-admin/includes/upgrade.php';
        wp_install('Kylän uutiset', 'neuvonta', 'neuvonta@example.org', true, '', 'sala', '');
        update_option('permalink_structure', '/%postname%/');
        update_option('comment_previously_approved', 0);
        echo WP_Application_Passwords::create_new_application_password(1, ['name' => 'kuulo'])[0];
        break;
    case 'empty':
        foreach (get_comments(['status' => 'all', 'fields' => 'ids']) as $id) {
            wp_delete_comment($id, true);
        }
        break;
    case 'say':
        echo wp_insert_comment([
            'comment_post_ID' => 1,
            'comment_content' => $argv[2],
            'comment_parent' => (int) $argv[3],
            'comment_author' => $argv[4],
            'comment_approved' => 1,
            'user_id' => (int) $argv[5],
        ]);
        break;
    case 'edit':
        wp_update_comment(['comment_ID' => (int) $argv[2], 'comment_content' => $argv[3]]);
        break;
    case 'delete':
        wp_delete_comment((int) $argv[2], true);
        break;
    case 'replies':
        $comments = get_comments(['user_id' => 1]);
        echo json_encode(array_map(fn($one) => $one->comment_content, $comments));
        break;
}
