"""What was done, as a person reads it. What is stored stays as it was written: programs branch on it."""

from __future__ import annotations

IN_WORDS = {
    "export.made": "took records out",
    "job.asked": "asked for work in the background",
    "job.cancelled": "stopped work in the background",
    "sources.consent.set": "set how far words may go",
    "sources.described": "described a source",
    "sources.imported": "brought files in",
    "sources.name.protected": "protected a name",
    "sources.name.released": "took a name off the list",
    "sources.passage.marked": "marked a passage",
    "sources.redaction.added": "hid words",
    "sources.redaction.decided": "decided whether to hide words",
    "sources.redaction.reopened": "opened the review of names again",
    "sources.redaction.reviewed": "finished the review of names",
    "sources.redactions.decided": "decided on several names at once",
    "sources.speaker.corrected": "corrected a speaker",
    "sources.speakers.joined": "joined two speakers",
    "sources.turn.corrected": "corrected who says a turn",
    "sources.visibility.set": "set who may see a source",
    "sources.withdrawn": "withdrew a source",
    "heard.concern closed": "closed a concern without a decision",
    "heard.concern described": "described a concern",
    "heard.concern handed on": "handed a concern on to those who decide",
    "heard.concern opened": "opened a concern",
    "heard.concern opened again": "opened a concern again",
    "heard.concern shared": "shared a concern",
    "heard.contribution brought in": "brought in something that was said",
    "heard.contribution came": "sent in something to say",
    "heard.contribution joined": "put something said under a concern",
    "heard.contribution left": "took something said out of a concern",
    "heard.contribution may be quoted": "said whether words may be quoted",
    "heard.contribution opened again": "opened something said again",
    "heard.contribution withdrawn": "took back something said",
    "heard.conversation described": "described a conversation",
    "heard.conversation shared": "shared a conversation",
    "heard.correction came": "sent in a correction",
    "heard.decided": "recorded a decision and why",
    "heard.election period added": "entered an election period",
    "heard.election period removed": "removed an election period",
    "heard.file brought in": "brought in a file of what people said",
    "heard.priority ended": "ended a priority",
    "heard.priority reviewed": "reviewed a priority",
    "heard.priority set": "set a priority",
    "heard.priority stated": "recorded how a side states a priority",
    "heard.promise kept": "said whether a promise was kept",
    "heard.promise moved": "moved the day of a promise",
    "heard.promise opened again": "opened a promise again",
    "heard.promised": "made a promise to those who were heard",
    "heard.public number renewed": "renewed a number that the public sees",
    "heard.public words answered": "answered words from the public",
    "heard.public words set aside": "kept words from the public off the page",
    "heard.public words shown": "put words from the public on the page",
    "heard.public words withdrawn": "took back words from the public page",
    "heard.receipt given": "gave a receipt for something said",
    "heard.reply came": "sent in a reply",
    "heard.reply recorded": "recorded a reply",
    "heard.result released": "released the result of a conversation",
    "heard.statements described": "said which statements describe the person",
    "heard.theme added": "added a theme",
    "heard.themes suggested": "had themes suggested",
    "heard.told": "told people what was decided",
    "heard.votes brought in": "brought votes in",
    "heard.votes brought in again": "brought votes in again",
    "heard.votes reckoned": "worked out the groups of opinion",
}


def in_words(did: str) -> str:
    """The past tense that follows a person's name; what is stored so already comes back unchanged.

    What nobody has put into words yet loses at least its room and its dots.
    """
    known = IN_WORDS.get(did)
    if known is not None:
        return known
    room, dot, rest = did.partition(".")
    return rest.replace(".", " ") if dot and " " not in room else did
