"""Addresses of this audience."""

from django.urls import URLPattern

app_name = "claimant"
urlpatterns: list[URLPattern] = []
