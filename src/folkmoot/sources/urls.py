from django.urls import path

from folkmoot.sources.views import describing, importing, lists, reviewing, searching

urlpatterns = [
    path("sources/", lists.sources, name="sources"),
    path("sources/import/", importing.source_import, name="source_import"),
    path("sources/imports/<int:pk>/", lists.imported, name="source_imported"),
    path("sources/names/<int:team_pk>/", reviewing.protected_names, name="protected_names"),
    path("sources/<int:pk>/", lists.source, name="source"),
    path("sources/<int:pk>/edit/", describing.source_edit, name="source_edit"),
    path("sources/<int:pk>/consent/", describing.source_consent, name="source_consent"),
    path("sources/<int:pk>/speakers/", describing.source_speakers, name="source_speakers"),
    path("sources/<int:pk>/turns/<int:number>/", describing.turn_speaker, name="turn_speaker"),
    path("sources/<int:pk>/redact/", reviewing.redact, name="redact"),
    path("sources/<int:pk>/original/", importing.source_original, name="source_original"),
    path("sources/<int:pk>/withdraw/", describing.source_withdraw, name="source_withdraw"),
    path("search/", searching.search, name="search"),
    path("passages/<int:pk>/", lists.passage, name="passage"),
]
