from django.apps import AppConfig


class DatalakeConfig(AppConfig):
    name = "datalake"
    default_auto_field = "django.db.models.BigAutoField"
