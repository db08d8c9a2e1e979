/// How people have anything at all noted, asked for and thrown away.
extension NoteBank {
    /// title | text, which is noted in the user's own words | what is asked for later | the answer.
    static let contents = Bank.rows(
        """
        shopping list | {a:@goods}, {b:@goods} and {c:@goods} | shopping | {a}, {b} and {c}.
        shopping list | {a:@goods} and {b:@goods} | shopping | {a} and {b}.
        {p} | {p:@people} wants {n:2-90} {w:chairs/tickets/eggs/copies/jars/bricks/cups} by {d:@days} | {p} | {n} {w} by {d}.
        {p} | {p:@people} comes on {d:@days} at {t:@times} | {p}'s visit | On {d} at {t}.
        {p} | call {p:@people} about the {w:invoice/roof/concert/key/contract/party} | {p} | To call about the {w}.
        {w} code | the code of the {w:safe/garage/cellar/office/hotel room/gate} is {n:1000-9999} | the {w} | The code is {n}.
        appointment | {w:dentist/hairdresser/vet/garage/eye doctor} on {d:@days} at {t:@times} | the {w} | On {d} at {t}.
        {w} size | the {w:curtain/shelf/carpet/mirror/table} is {n:60-240} centimetres long | the {w} | {n} centimetres.
        idea | {w:a café on a tram/a game about lighthouses/a lamp made of jars/a song about rain/a shop for left-handers} | the idea | {w}.
        packing list | {w:passport, charger and sunscreen/tent, torch and rope/swimsuit, towel and book/hat, boots and map} | packing | {w}.
        {s} | {s:@shops} closes at {t:@times} on {d:@days} | {s} | It closes at {t}.
        gift | {w:a kite/a tea set/a map of the moon/a pocket knife/a good pan/warm socks} for {p:@people} | a gift for {p} | {w}.
        recipe | {w:two eggs, flour and a pinch of salt/lentils, cumin and lemon/yoghurt, mint and cucumber} | the recipe | {w}.
        book | read {w:Middlemarch/The Moonstone/The Sea Wolf/Kim/Emma/Dracula} | the book | {w}.
        {v} | {v:@things} is with {p:@people} | {v} | {p} has it.
        train | the train leaves at {n:6-22}:{m:10-58} from platform {q:1-14} | the train | At {n}:{m} from platform {q}.
        bill | the {w:water/phone/power/heating} bill is {n:20-190} euros | the {w} bill | {n} euros.
        plan | {w:paint the fence/clean the gutter/oil the hinges/air the cellar/prune the hedge} on {d:@days} | {d} | To {w}.
        lesson | practise {w:the slow part/page twelve/the second verse/the new steps} | my lesson | To practise {w}.
        workshop | {a:2-12} {x:hinges/brackets/hooks/bolts} and {b:2-5} litres of {y:primer/wood oil/floor paint} | the workshop | {a} {x} and {b} litres of {y}.
        {p} | {p:@people} ordered {n:3-90} {w:candles/plates/scarves/posters} in {c:@colours} for {d:@days} | {p}'s order | {n} {w} in {c} for {d}.
        {w} | the {w:alcove/window/bench/carpet} is {n:60-400} centimetres wide and {m:60-300} long | the {w} | {n} centimetres wide and {m} long.
        {w} lock | the {w:shed/bicycle/gym/boat} lock opens with {a:one/three/five} {b:six/eight/zero} {c:two/three/five} {e:seven/nine/six} | the {w} lock | {a} {b} {c} {e}.
        {p} | {p:@people} lives at {n:2-180} {w:Mill/Church/Station/Garden} {x:Lane/Street/Road}, {y:second/third/fourth} floor | where {p} lives | {n} {w} {x}, {y} floor.
        {s} | {s:@shops} has the number {a:10-99} {b:10-99} {c:10-99} | {s} | The number is {a} {b} {c}.
        {w} | the {w:boiler/lift/alarm} was checked on {d:@dates} by {p:@people} for {n:60-300} euros | the {w} | {p} checked it on {d} for {n} euros.
        meeting | on {d:@days} at {t:@times} we talk about {w:the budget/the new roof/the summer trip} with {p:@people} and {q:@people} | the meeting | On {d} at {t}, about {w}, with {p} and {q}.
        {p} | {p:@people} takes {n:2-5} drops in the morning and {m:6-12} at night | {p}'s drops | {n} in the morning and {m} at night.
        directions | left at the {w:windmill/chapel/quarry}, then {n:2-9} kilometres to the {x:farm/lake/campsite} | the directions | Left at the {w}, then {n} kilometres to the {x}.
        line | {w:the moon forgot her coat in the apple tree/a boat of paper on a lake of tea/every clock in this house tells a different story} | the line | {w}.
        recipe | {n:100-500} grams of {a:flour/lentils/rice/oats}, {m:2-6} {b:eggs/onions/pears} and a pinch of {x:nutmeg/salt/pepper} | the recipe | {n} grams of {a}, {m} {b} and a pinch of {x}.
        party | {p:@people} brings {w:a salad/chairs/lemonade} and {q:@people} brings {x:the music/a cake/plates} on {d:@days} | the party | {p} brings {w} and {q} brings {x}.
        membership | my membership number is {n:10000-99999}, valid until {d:@dates} | my membership | Number {n}, valid until {d}.
        {p} | {p:@people} wears {n:28-46} in shoes and {m:36-54} in coats | {p}'s sizes | {n} in shoes and {m} in coats.
        {w} | the {w:choir/band/theatre} rehearsal moves from {d:@days} to {e:@days} at {t:@times} | the {w} rehearsal | It moves to {e} at {t}.
        cellar | {n:12-90} jars of {w:plum jam/pickles/chutney} and {m:3-40} bottles of {x:juice/cider/syrup} in the cellar | the cellar | {n} jars of {w} and {m} bottles of {x}.
        """, fields: 4)

    static let saveFrames = Bank.choices(
        """
        Note that {q} / Note, {q} / Write down that {q} / Write this down, {q} / Take a note, {q} / New note, {q} / \
        Make a note, {q} / Make a note saying {q} / Add this to my notes, {q} / Put this in my notes, {q} / Put down, {q} / \
        Jot this down, {q} / Save a note, {q} / Keep a note for me, {q} / A note for later, {q} / Into my notes, {q} / \
        I want a note that says {q} / Create a note with {q} / {Q}, write that down / {Q}, turn it into a note / \
        {Q}, make that a note / Take this down, {q} / Could you write down {q} / Start a note, {q} / \
        {Q}, note it down / {Q}, I want that written down / Make me a note, {q} / For my notes, {q} / So that it isn't lost, note {q} / \
        Put it in writing, {q} / {Q}, add it to my notes
        """)
    static let listItemFrames = Bank.choices(
        """
        Put {q} on the shopping list / Add {q} to my shopping list / We're out of {q}, write it on the list / \
        Shopping list, {q} / For the shopping list, {q} / I have to buy {q}, note it / Add {q} to the groceries / \
        {Q} for the list, please / Write {q} on the list
        """)
    static let readFrames = Bank.choices(
        """
        What did I note about {q} / What do my notes say about {q} / Look in my notes for {q} / Read me the note on {q} / \
        What's in my note about {q} / Check my notes for {q} / Is there a note about {q}, what does it say / \
        I wrote something down about {q}, what was it / Open the note on {q}
        """)
    static let moreListFrames = Bank.choices(
        """
        What else is in my notes / Which other notes have I got / List my notes / Show me my notes / Are there any notes / \
        Read out my notes / How many notes do I have / Do I have any notes left / What did I have you write down
        """)
    static let moreDeleteFrames = Bank.choices(
        """
        Delete the note about {title} / Please delete the {title} one from my notes / Take the {title} note out / \
        The {title} note is done, delete it / Forget the note on {title}, delete it / Erase my note about {title} / \
        That {title} note is old, away with it / Cross out the {title} note / \
        The {title} note has served its purpose, drop it / I've finished with {title}, remove that note / Wipe out the {title} note / \
        Strike the note on {title} / Clear away what I noted about {title} / Nobody needs the {title} note now, delete it
        """)
    static let moreDeleteNumberFrames = Bank.choices(
        """
        Delete the note with number {n} / Number {n} in my notes is done, delete it / Delete number {n} / \
        Please remove note {n}, it's settled / Take note {n} out / Note number {n} is old, delete it / \
        You can throw note {n} away / \
        Number {n} is finished, take it off my notes / \
        Clear away note {n}, I paid the plumber / I'm done with note {n}, drop it / Strike number {n} from my notes / \
        Let number {n} of my notes go / Take away number {n}, the shelf is up / Note {n} has had its day / \
        Do away with note number {n}, it's been paid
        """)
}
