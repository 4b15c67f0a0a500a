"""How forms look: one field template for every form, allauth's included."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Render forms with our own field and form templates."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
