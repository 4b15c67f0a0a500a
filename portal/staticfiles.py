"""Static files with hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hash the names inside our ES modules' imports as well.

    Only ours, below static/js/: packages bring scripts whose comments look like imports.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
