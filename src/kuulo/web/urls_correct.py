"""The addresses of corrections, proposals, the log and the queue of uncertain messages."""

from django.urls import path

from kuulo.web.views import correct_message, correct_theme, log, proposals, uncertain

patterns = [
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
]
