from __future__ import annotations

from django.urls import path

from folkmoot.communities.views import bringing_in, groupings, people, places

urlpatterns = [
    path("places/", places.places, name="places"),
    path("places/map/", places.places_map, name="places_map"),
    path("places/new/", places.place_new, name="place_new"),
    path("places/served/", places.places_served, name="places_served"),
    path("places/served/<int:pk>/remove/", places.place_unserve, name="place_unserve"),
    path("places/import/", bringing_in.places_import, name="places_import"),
    path("places/import/do/", bringing_in.places_import_do, name="places_import_do"),
    path("places/import/<int:pk>/", bringing_in.places_imported, name="places_imported"),
    path("places/outlines/<slug:kind>/<int:vintage>/", places.place_outlines, name="place_outlines"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/outline/", places.place_outline, name="place_outline"),
    path("places/<int:pk>/edit/", places.place_edit, name="place_edit"),
    path("places/<int:pk>/end/", places.place_end, name="place_end"),
    path("populations/", people.populations, name="populations"),
    path("populations/<int:pk>/", people.population, name="population"),
    path("groupings/", groupings.groupings, name="groupings"),
    path("groupings/new/", groupings.grouping_new, name="grouping_new"),
    path("groupings/<int:pk>/", groupings.grouping, name="grouping"),
    path("groupings/<int:pk>/edit/", groupings.grouping_edit, name="grouping_edit"),
    path("groupings/<int:pk>/share/", groupings.grouping_share, name="grouping_share"),
    path("groupings/<int:pk>/end/", groupings.grouping_end, name="grouping_end"),
    path("groupings/<int:pk>/representatives/new/", groupings.representative_new, name="representative_new"),
    path("representatives/<int:pk>/edit/", groupings.representative_edit, name="representative_edit"),
    path(
        "representatives/<int:pk>/withdraw/",
        groupings.representative_withdraw,
        name="representative_withdraw",
    ),
]
