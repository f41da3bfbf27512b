"""The addresses of the themes and of comparing."""

from django.urls import path

from kuulo.web.views.compare import compare
from kuulo.web.views.theme import theme
from kuulo.web.views.themes import themes

patterns = [
    path("themes/", themes, name="themes"),
    path("themes/<str:code>/", theme, name="theme"),
    path("compare/", compare, name="compare"),
]
