"""The addresses of the frame: the door, accounts, people, signs of life."""

from django.urls import path

from kuulo.web.views import home, language

patterns = [
    path("", home.home, name="home"),
    path("language/", language.choose_language, name="language"),
    path("account/", home.account, name="account"),
]
