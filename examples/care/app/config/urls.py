"""The addresses. The ends of the paths are those of CARE."""

from django.urls import path

from care.files import views as files
from care.users import views as users
from care.valuesets import views as valuesets
from config.first_page import first_page
from config.ping import ping

urlpatterns = [
    path("", first_page),
    path("ping/", ping),
    path(".well-known/jwks.json", users.public_keys),
    path("api/v1/auth/login/", users.login),
    path("api/v1/files/", files.create),
    path("api/v1/files/<uuid:file_id>/", files.read),
    path("api/v1/files/<uuid:file_id>/mark_upload_completed/", files.complete),
    path("api/v1/valueset/<slug:name>/", valuesets.search),
]
