"""The addresses of the frame: the door, people, signs of life."""

from django.urls import path

from kuulo.web.views import health, home, language, people, units, welcome

patterns = [
    path("", home.home, name="home"),
    path("language/", language.choose_language, name="language"),
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
]
