"""What the mock companion has to say, remember and note: enough to look at the page with."""

import time

HOUR = 3600
DAY = 24 * HOUR

#: Spoken turns, in order and over again: what is heard, tools used, and the answer.
TURNS = [
    {
        "user": "Hi Annie, what's the weather like in Turin this weekend?",
        "tools": [
            {
                "name": "web_search",
                "arguments": {"query": "weather Turin this weekend"},
                "result": {
                    "results": [
                        {"title": "Turin, weekend forecast", "snippet": "Saturday sunny, 19 °C. Sunday showers, 14 °C."},
                        {"title": "Meteo Piemonte", "snippet": "High pressure until Saturday night."},
                    ]
                },
                "seconds": 1.2,
            }
        ],
        "reply": "Saturday looks lovely in Turin, sunny and about nineteen degrees. "
        "Sunday brings showers, so I would keep the walk along the Po for Saturday.",
    },
    {
        "user": "Good. Remember that my sister Clara is visiting, and she hates museums.",
        "tools": [
            {
                "name": "remember",
                "arguments": {"text": "Clara, the user's sister, hates museums."},
                "result": {"remembered": True},
                "seconds": 0.3,
            }
        ],
        "reply": "I'll keep that in mind. No museums for Clara, then.",
    },
    {
        "user": "Where could the two of us have dinner by the river?",
        "tools": [],
        "reply": "There is a row of small places under the arches of the Murazzi, right by the water. "
        "I like to think they are quieter before eight. After that it gets rather lively, and you would want a table "
        "inside. Shall I write that down for you?",
    },
]

#: Typed turns: the first whose word is in the message is answered.
TYPED = [
    (
        "note",
        [{"name": "save_note", "arguments": {"title": "Dinner", "text": "Murazzi, before eight."}, "result": "saved",
          "seconds": 0.4}],
        "Written down: the Murazzi, before eight.",
    ),
    (
        "markdown",
        [],
        "Three things, in order:\n\n1. Read the **manual**.\n2. Run `annie doctor`.\n3. See [the docs](https://example.org/docs).\n\n"
        "```sh\nannie up --host 0.0.0.0\n```\n\n- plain\n- *simple* <b>not bold</b>",
    ),
    (
        "broken",
        [{"name": "web_search", "arguments": {"query": "something"}, "is_error": True,
          "result": "No search service is configured.", "seconds": 0.3}],
        "I could not search: no search service is set up. I can tell you what I know without it.",
    ),
    ("", [], "Of course. A quiet street, a bench in the sun, and nobody who wants anything of you: that would be my choice."),
]


def sessions(now):
    """Conversations held before, by id."""
    return {
        "s-lisbon": session("s-lisbon", "Three days in Lisbon with my mother", now - 2 * DAY, [
            ("user", "Three days in Lisbon with my mother. What should we not miss?", {}),
            ("assistant", "", {"tool_calls": [{"id": "t1", "name": "search_memory", "arguments": "{\"query\":\"mother\"}"}]}),
            ("tool", "The user's mother is Ruth. She walks with a stick.", {"tool_call_id": "t1"}),
            ("assistant", "With Ruth's stick in mind: the tram to Estrela, the garden there, and the ferry to Cacilhas. "
             "All of it is flat or on wheels.", {}),
            ("user", "Is the ferry expensive?", {}),
            ("assistant", "Not at all, about a euro and fifty", {"interrupted": True}),
            ("user", "Perfect, thanks.", {}),
            ("assistant", "You're welcome. Have a good crossing.", {}),
        ]),
        "s-bread": session("s-bread", "Why does my bread not rise?", now - 26 * HOUR, [
            ("user", "Why does my bread not rise?", {}),
            ("assistant", "Most often the kitchen is too cold, or the yeast too old. How long do you let it rest?", {}),
        ]),
        "s-birthday": session("s-birthday", "A birthday present for a nine-year-old who likes beetles", now - 3 * HOUR, [
            ("user", "A birthday present for a nine-year-old who likes beetles", {}),
            ("assistant", "A good hand lens, and a notebook for what it shows.", {}),
        ]),
    }


def session(identifier, title, began, messages):
    """A stored conversation, its messages half a minute apart."""
    rows = [
        {"id": index + 1, "role": role, "content": content, "date": iso(began + 30 * index),
         "interrupted": more.get("interrupted", False), **{k: v for k, v in more.items() if k != "interrupted"}}
        for index, (role, content, more) in enumerate(messages)
    ]
    return {"id": identifier, "title": title, "persona": "annie", "started_at": iso(began),
            "updated_at": iso(began + 30 * len(rows)), "messages": rows}


def facts(now):
    """What is remembered of the user."""
    return [
        {"id": 3, "text": "The user's mother is Ruth. She walks with a stick.", "date": iso(now - 12 * DAY)},
        {"id": 2, "text": "The user bakes bread on Sundays and has no stand mixer.", "date": iso(now - 20 * DAY)},
        {"id": 1, "text": "The user lives in Turin, near the Po.", "date": iso(now - 41 * DAY)},
    ]


def notes(now):
    """What the user had written down."""
    return [
        {"id": 2, "title": "Shopping", "text": "rye flour\ncoarse salt\nlemons", "date": iso(now - 5 * HOUR)},
        {"id": 1, "title": "Idea for the balcony", "text": "Beans up the railing, thyme in the boxes.",
         "date": iso(now - 9 * DAY)},
    ]


def iso(seconds):
    """ISO 8601 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
