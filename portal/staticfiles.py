"""Static files with hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hash the names inside our ES modules' imports as well."""

    support_js_module_import_aggregation = True
