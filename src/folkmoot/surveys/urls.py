from django.urls import path

from folkmoot.surveys.views import answers, indicators, otherwise, series, surveys, waves

urlpatterns = [
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/new/", indicators.indicator_new, name="indicator_new"),
    path("indicators/<int:pk>/", indicators.indicator, name="indicator"),
    path("indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.survey_new, name="survey_new"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/questions/", surveys.survey_questions, name="survey_questions"),
    path("surveys/<int:pk>/panel/", surveys.survey_panel, name="survey_panel"),
    path("surveys/<int:pk>/waves/new/", surveys.wave_new, name="wave_new"),
    path("waves/<int:pk>/", waves.wave, name="wave"),
    path("waves/<int:pk>/edit/", waves.wave_edit, name="wave_edit"),
    path("waves/<int:pk>/import/", answers.wave_import, name="wave_import"),
    path("waves/<int:pk>/margins/", waves.wave_margins, name="wave_margins"),
    path("waves/<int:pk>/erase/", waves.wave_erase, name="wave_erase"),
    path("waves/<int:pk>/file/", waves.wave_file, name="wave_file"),
    path("waves/<int:pk>/recall/", otherwise.wave_recall, name="wave_recall"),
    path("waves/<int:pk>/<int:variable>/", waves.wave_question, name="wave_question"),
    path("series/", series.series_list, name="series_list"),
    path("series/import/", series.series_import, name="series_import"),
    path("series/<int:pk>/", series.series, name="series"),
    path("series/<int:pk>/edit/", series.series_edit, name="series_edit"),
    path("series/<int:pk>/events/new/", series.event_new, name="event_new"),
    path("series/<int:pk>/events/<int:event>/remove/", series.event_remove, name="event_remove"),
    path("reached-otherwise/", otherwise.otherwise_list, name="otherwise_list"),
    path("reached-otherwise/new/", otherwise.otherwise_new, name="otherwise_new"),
    path("reached-otherwise/<int:pk>/", otherwise.otherwise, name="otherwise"),
]
