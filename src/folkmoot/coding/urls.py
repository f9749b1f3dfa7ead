"""Addresses of the reader, codebooks, claims and agreement."""

from django.urls import path

from folkmoot.coding.views import agreement, claims, codebooks, reader

urlpatterns = [
    path("sources/<int:pk>/read/", reader.reader, name="reader"),
    path("sources/<int:pk>/read/mark/", reader.reader_mark, name="reader_mark"),
    path("sources/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path(
        "sources/<int:pk>/agreement/<int:code>/<int:start>-<int:end>/", agreement.arbitrate, name="arbitrate"
    ),
    path("codings/<int:pk>/remove/", reader.coding_remove, name="coding_remove"),
    path("codebooks/", codebooks.codebooks, name="codebooks"),
    path("codebooks/<int:pk>/", codebooks.codebook, name="codebook"),
    path("codes/<int:pk>/", codebooks.code, name="code"),
    path("codes/<int:pk>/edit/", codebooks.code_edit, name="code_edit"),
    path("codes/<int:pk>/merge/", codebooks.code_merge, name="code_merge"),
    path("codes/<int:pk>/split/", codebooks.code_split, name="code_split"),
    path("codes/<int:pk>/retire/", codebooks.code_retire, name="code_retire"),
    path("claims/", claims.claims, name="claims"),
    path("claims/words/", claims.withdrawn_words, name="withdrawn_words"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/revise/", claims.claim_revise, name="claim_revise"),
    path("claims/<int:pk>/join/", claims.claim_join, name="claim_join"),
    path("claims/<int:pk>/share/", claims.claim_share, name="claim_share"),
]
