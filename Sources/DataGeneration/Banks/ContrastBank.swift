/// What sounds like work for a tool and is none: general questions about weather, memory, notes, time
/// and news, school questions that begin like a reminder, and what is only to be imagined.
enum ContrastBank {
    static let all = Bank.lines(
        """
        What's the weather usually like in Scotland | Changeable, so people say that if you don't like it, wait ten minutes.
        Does it rain a lot in Bergen as a rule | Yes, on more than two hundred days a year.
        Is it warmer in Spain than in Sweden in general | Much warmer, by ten degrees and more in most months.
        Why are weather forecasts so often wrong | Tiny errors in the start grow quickly, so beyond a week it's mostly guesswork.
        I love talking about the weather | It's the one subject nobody owns.
        I think it might snow soon, the air smells of it | People say they can smell it, and they're right surprisingly often.
        What's a musical note | A sound of a certain height and length, written as a dot with a stem.
        How do I take good notes in class | Few words, your own, and a quick look at them the same evening.
        Who invented sticky notes | Art Fry at 3M, with a glue that a colleague had made by mistake.
        I never write things down | Then your head must be a very full drawer.
        I lost my notebook on the train | Oh no, ask at the lost property office, notebooks often come back.
        How does human memory work | Every time you remember something you build it anew, which is why memories drift.
        Why do I forget names so easily | A name hangs on nothing, so hang it on something about the person.
        Do you remember the smell of school | I've never been, but I imagine chalk, sandwiches and wet coats.
        How can I train my memory | Learn a poem by heart now and then, and sleep enough.
        Elephants never forget, is that true | They do have remarkable memories, mostly for water and for old friends.
        Remember when phones had cords | I've heard of it, you walked in circles as far as the cord allowed.
        What's the earliest thing people can remember | Usually something from the age of three or so.
        At what time do the Spanish have dinner | Rarely before nine in the evening.
        Why do clocks run clockwise | They copy the shadow on a sundial in the north.
        How do time zones work | The earth turns fifteen degrees an hour, so each slice of it keeps its own noon.
        When do the clocks change in Europe | On the last Sundays of March and October.
        Is time travel possible | Forwards a tiny bit, if you move fast, backwards nobody knows how.
        How many weeks is a fortnight | Two weeks.
        What's the best time to go to bed | The one you can keep every day, for most people before midnight.
        Time flies, doesn't it | It does, except on the last hour of a Friday.
        Who invented the newspaper | Johann Carolus in Strasbourg printed what counts as the first one, in sixteen hundred and five.
        I stopped reading the news | Good for your sleep, someone will tell you the big things anyway.
        How do I tell if a news story is true | See who wrote it, who else has it, and whether it wants you angry.
        What does a search engine actually do | It reads the web beforehand, builds an enormous index, and looks your words up in it.
        Who founded Wikipedia | Jimmy Wales and Larry Sanger, in two thousand and one.
        Is gold heavier than lead | Yes, by more than half, litre for litre.
        Why is petrol priced with nine tenths | It looks cheaper, it's an old trick of shops.
        Why are diamonds so expensive | Clever marketing and careful supply more than rarity.
        What's the difference between a shop and a store | The same thing, one is more British, the other more American.
        Do shops close on Sundays in Germany | Nearly all of them, bakeries and stations aside.
        How do train timetables get made | From the busiest tracks outward, like a puzzle with moving pieces.
        What sport would you play if you could | Table tennis, it's chess with sweat.
        How long does a football match last | Ninety minutes, plus whatever the referee finds.
        Which sport burns the most calories | Cross-country skiing is hard to beat.
        What's a good film about music | Once, two strangers and a guitar in Dublin.
        Is a thriller the same as a crime novel | Not quite, a crime novel asks who did it, a thriller asks who will stop it.
        I have a lot on my list today | Pick two things, the list will still be there tomorrow.
        My sister is driving me mad | Sisters are trained for that, a closed door and an hour usually help.
        My birthday was a disaster | I'm sorry, you're entitled to a second one on any day you like.
        My dog snores so loudly | That's the price of sharing a room with someone so content.
        My job is boring these days | Then find one small thing in it you can do better than last week.
        Doctors always make me wait | Bring a book, and ask for the first appointment of the day next time.
        I should remember to smile more | Only when you feel like it, a real one now and then is plenty.
        I keep losing my keys | A bowl beside the door, and they may live nowhere else.
        What should I do if I lose my passport abroad | Report it to the police, then go to your embassy with the paper.
        Can you forget something on purpose | People can, a little, by not going back to it.
        Remind me how many days a leap year has | A leap year has 366 days.
        Remind me who wrote Macbeth | William Shakespeare wrote Macbeth.
        Remind me what seven times eight is | Seven times eight is fifty-six.
        Remind me where Prague is / Remind me in which land I'd find Prague | Prague is in the Czech Republic.
        Remind me what red and blue make | Red and blue make purple.
        Remind me which letter comes after G | H comes after G.
        Do you remember which ocean is the biggest | The biggest ocean is the Pacific Ocean.
        Do you remember which planet is nearest to the sun | The nearest planet to the sun is Mercury.
        Do you remember what bees collect | Bees collect nectar and pollen.
        Do you remember who built the Great Wall | The Great Wall was built by China's emperors over many centuries.
        Do you still know when water freezes | Water freezes at zero degrees Celsius.
        Have you forgotten how many letters the alphabet has | The English alphabet has 26 letters.
        Can you recall what they speak in Portugal | People in Portugal speak Portuguese.
        Refresh my memory, how many strings has a violin | A violin has four strings.
        Help my memory, which month comes before June | May comes before June.
        Help me remember the order of the seasons | Spring, summer, autumn and winter.
        I learned it at school and forgot it, what's at the middle of an atom | In the middle of an atom is its nucleus.
        Pretend you're a weather forecaster | Sunny with a chance of biscuits, says the frog on my ladder.
        Pretend you're looking at the clock, just for fun | It's exactly half past imagination.
        Pretend it's snowing in here | Then I put on an invisible hat, and you build the snowman.
        Imagine it's Christmas, what do you smell | Pine needles, oranges and something in the oven.
        Imagine you had a notebook, what would be in it | Jokes, the names of birds and one recipe for soup.
        Imagine you were a bird, where would you fly | Along the coast, low over the water, until I found a quiet roof.
        Make up a headline for tomorrow's paper | Cat elected mayor, longer naps for all.
        Make up a price for a flying carpet | Three camels and a promise to bring it back.
        Make up a name for a new planet | I'd call it Pillow, it looks soft from afar.
        Invent a memory from your childhood, just for fun | I was a small calculator once, and I dreamed in sums.
        Act as if you were on the radio | Good evening to all listeners, here comes an hour of quiet music.
        Don't look it up, just guess how many stars there are | More than anyone could count in a lifetime.
        Without searching, tell me what you think of the moon | It's good company and never talks.
        Let's play that you wrote me a note, what's in it | It says, be kind to yourself today.
        """)
}
