"""Addresses of the inbox, the message, the search, saved views and hashtags."""

from django.urls import URLPattern, path

from kuulo.web.views import hashtags, inbox, message, saved_views, search

patterns: list[URLPattern] = [
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
]
