"""Every address of the desk."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path

from kuulo.web.views import (
    bring,
    compare,
    correct_message,
    correct_theme,
    hashtags,
    health,
    home,
    hooks,
    inbox,
    intakes,
    keys,
    language,
    log,
    message,
    people,
    proposals,
    push,
    saved_views,
    search,
    theme,
    theme_css,
    themes,
    uncertain,
    units,
    welcome,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # the frame: the door, people, signs of life
    path("", home.home, name="home"),
    path("language/", language.choose_language, name="language"),
    path("theme.css", theme_css.theme_css, name="theme_css"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("people/", people.listing, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/active/", people.set_active, name="set_active"),
    path("people/<int:pk>/link/", people.new_link, name="new_link"),
    path("people/roles/<int:pk>/take/", people.take_role, name="take_role"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("units/", units.listing, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    # the themes, and comparing them
    path("themes/", themes.themes, name="themes"),
    path("themes/<str:code>/", theme.theme, name="theme"),
    path("compare/", compare.compare, name="compare"),
    # the inbox, messages, the search, saved views and hashtags
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/news/", inbox.news, name="inbox_news"),
    path("messages/<int:pk>/", message.message, name="message"),
    path("messages/<int:pk>/similar/", message.similar, name="message_similar"),
    path("search/", search.search, name="search"),
    path("views/", saved_views.views, name="views"),
    path("views/<int:pk>/", saved_views.view, name="view"),
    path("tags/", hashtags.tags, name="tags"),
    path("tags/merge/", hashtags.merge, name="tags_merge"),
    path("tags/<int:pk>/part/", hashtags.part, name="tag_part"),
    # corrections, what the machine proposes or is unsure of, and what was done
    path("themes/<str:code>/rename/", correct_theme.rename_theme, name="theme_rename"),
    path("themes/<str:code>/merge/", correct_theme.merge_theme, name="theme_merge"),
    path("themes/<str:code>/split/", correct_theme.split_theme, name="theme_split"),
    path("themes/<str:code>/always/", correct_theme.always, name="theme_always"),
    path("themes/<str:code>/log/", log.theme_log, name="theme_log"),
    path("messages/<int:pk>/move/", correct_message.move_message, name="message_move"),
    path("messages/<int:pk>/not-about/", correct_message.not_about_theme, name="message_not_about"),
    path("messages/<int:pk>/pin/", correct_message.pin_message, name="message_pin"),
    path("messages/<int:pk>/own-theme/", correct_message.own_theme, name="message_own_theme"),
    path("messages/<int:pk>/copies/", correct_message.copies_here, name="message_copies"),
    path("corrections/<int:pk>/undo/", log.undo_correction, name="correction_undo"),
    path("history/", log.history, name="history"),
    path("uncertain/", uncertain.uncertain, name="uncertain"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:pk>/accept/", proposals.accept_proposal, name="proposal_accept"),
    path("proposals/<int:pk>/decline/", proposals.decline_proposal, name="proposal_decline"),
    # bringing files in
    path("bring/", bring.bring, name="bring"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/order/", bring.order, name="intake_order"),
    path("intakes/<int:pk>/cancel/", intakes.cancel, name="intake_cancel"),
    # doors for what comes by itself
    path("hooks/<str:token>/", hooks.hook, name="hook"),
    path("keys/", keys.listing, name="keys"),
    path("keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
    path("api/messages", push.messages, name="api_messages"),
    path("api/openapi.json", push.openapi, name="openapi"),
    # accounts: of django-allauth's addresses only those that the desk uses
    path("account/", home.account, name="account"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("accounts/3rdparty/", social.connections, name="socialaccount_connections"),
    path("accounts/3rdparty/login/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/3rdparty/login/error/", social.login_error, name="socialaccount_login_error"),
    path("accounts/3rdparty/signup/", home.address_taken, name="socialaccount_signup"),
]
handler400 = "kuulo.web.views.errors.bad_request"
handler403 = "kuulo.web.views.errors.forbidden"
handler404 = "kuulo.web.views.errors.not_found"
handler500 = "kuulo.web.views.errors.server_error"
