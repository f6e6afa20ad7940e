"""Where the pages are."""

from django.contrib import admin
from django.urls import path

from planner.views import week

urlpatterns = [path("", week, name="week"), path("admin/", admin.site.urls)]
