"""Pages about accounts."""

from django.urls import path

from portal.accounts.views import account, trail, users, welcome
from portal.accounts.views import tokens as token_views

app_name = "accounts"
urlpatterns = [
    path("accounts/me/", account.Account.as_view(), name="account"),
    path("accounts/tokens/", token_views.Tokens.as_view(), name="tokens"),
    path("accounts/tokens/new/", token_views.NewToken.as_view(), name="new_token"),
    path("accounts/tokens/<uuid:uid>/", token_views.RevokeToken.as_view(), name="revoke_token"),
    path("welcome/", welcome.Welcome.as_view(), name="welcome"),
    path("welcome/<str:token>/", welcome.OpenLink.as_view(), name="link"),
    path("users/", users.Users.as_view(), name="users"),
    path("users/new/", users.Invite.as_view(), name="invite"),
    path("users/<int:pk>/", users.UserPage.as_view(), name="user"),
    path("users/<int:pk>/state/", users.ChangeState.as_view(), name="user_state"),
    path("users/<int:pk>/link/", users.NewLink.as_view(), name="user_link"),
    path("users/<int:pk>/factors/", users.ResetFactors.as_view(), name="user_factors"),
    path("audit/", trail.Trail.as_view(), name="audit"),
]
