"""What a new judgement of a case changed, in sentences."""

from collections.abc import Sequence

from fuyuan_desk.core.texts import _
from fuyuan_desk.renovation.facts import DocumentView, WorkView
from fuyuan_desk.renovation.rules.works import label


def judgement_changes(
    works: tuple[Sequence[WorkView], Sequence[WorkView]],
    documents: tuple[Sequence[DocumentView], Sequence[DocumentView]],
) -> tuple[str, ...]:
    """Say what differs between two judgements, each given as (before, after); never empty.

    Works that only one of them has were added or removed by the clerk, and are left out.
    """
    sentences = [
        _("Judged anew by what is recorded of the house now."),
        *_verdict_changes(*works),
        *_document_changes(*documents),
    ]
    if len(sentences) == 1:
        sentences.append(_("The verdicts and the documents stay the same."))
    return tuple(sentences)


def _verdict_changes(before: Sequence[WorkView], after: Sequence[WorkView]) -> list[str]:
    verdicts = {view.work: view.verdict for view in before}
    text = _("{work}: {before} → {after}.")
    return [
        text.format(work=view.name, before=label(verdicts[view.work]), after=label(view.verdict))
        for view in after
        if verdicts.get(view.work, view.verdict) is not view.verdict
    ]


def _document_changes(before: Sequence[DocumentView], after: Sequence[DocumentView]) -> list[str]:
    lists = (
        (_("Now required too: {papers}."), before, after),
        (_("No longer required: {papers}."), after, before),
    )
    sentences = []
    for text, without, having in lists:
        known = {view.document for view in without}
        if names := [view.name for view in having if view.document not in known]:
            sentences.append(text.format(papers=_(", ").join(names)))
    return sentences
