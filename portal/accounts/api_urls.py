"""REST about accounts, below /api/v1/."""

from django.urls import path

from portal.accounts.api import Me, Users

people = Users.as_view({"get": "list"}, detail=False)
person = Users.as_view({"get": "retrieve", "patch": "partial_update"}, detail=True)

urlpatterns = [
    path("me", Me.as_view(), name="api_me"),
    path("users", people, name="api_users"),
    path("users/<int:id>", person, name="api_user"),
]
