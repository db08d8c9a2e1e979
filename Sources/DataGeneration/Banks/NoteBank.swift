/// What users have written down.
enum NoteBank {
    /// title | text | ways to have it noted | ways to ask for it | the answer from the note.
    static let notes = Bank.rows(
        """
        shopping list | {v:milk, eggs and bread/rice, onions and limes/coffee, oats and apples/pasta, tomatoes and basil} | Put {v} on my shopping list / I need {v}, write that on the shopping list | What's on my shopping list / Read me the shopping list | {v}.
        gift ideas | {v:a tea set for Mum/a kite for Ben/a map of the moon for Dad/good knives for Lena} | Write down a gift idea, {v} / Note this for presents, {v} | Which gift ideas do I have / What's in my note about presents | {v}.
        dentist | Dentist on {v:Monday at nine/Thursday at half past two/the fourth at eleven/Friday at eight} | Make a note, dentist {v} / Jot down that the dentist is {v} | When's the dentist, it's in my notes / Look in my notes for the dentist | {v}.
        packing list | {v:passport, charger and sunscreen/tent, torch and rope/swimsuit, towel and book} | Start a packing list with {v} / Note for packing, {v} | What's on the packing list / What did I put on my packing list | {v}.
        car | Tyre pressure {v:2.3/2.5/2.7} bar | Write down that the tyre pressure is {v} bar / Note the tyre pressure, {v} bar | What tyre pressure did I note / Which tyre pressure is in my notes | {v} bar.
        story idea | {v:a lighthouse keeper who fears the dark/two cooks who never meet/a town where nobody can lie} | Save an idea for a story, {v} / I have a story idea, note it, {v} | What was my story idea / Read me the story idea from my notes | {v}.
        meeting | {v:ask Nadia about the budget/show the new logo/talk about the holidays} | Note for the meeting, {v} / Write down for my meeting, {v} | What did I note for the meeting / What's my note for the meeting | {v}.
        plants | Water the {v:orchid on Sundays/fern every day/cactus once a month} | Write a note to water the {v} / Note that I have to water the {v} | What do my notes say about the plants / What's in the plant note | Water the {v}.
        recipe | {v:two eggs, flour and a pinch of salt/lentils, cumin and lemon/yoghurt, mint and cucumber} | Save this recipe, {v} / Note the recipe, {v} | What's in the recipe I saved / Read me my recipe | {v}.
        book list | {v:The Sea Wolf/Middlemarch/A history of bread/The Moonstone} | Put {v} on my book list / Write down the book {v} | Which book is on my list / What's on the book list | {v}.
        wifi guest | The guest password is {v:bluebird seven/copper kettle/maple street} | Note the guest password, {v} / Write down that the guest password is {v} | What's the guest password / Which guest password did I note | {v}.
        bike lock | The code is {v:4471/9023/1856/7310} | Write down my bike lock code, {v} / Note {v} for the bike lock | What's the code of my bike lock / Which code is in my bike lock note | {v}.
        guests | {v:Omar, Jill and the twins/the Sørensens/Aunt Vera and Paul} come on Saturday | Note that {v} come on Saturday / Write down the guests for Saturday, {v} | Who's coming on Saturday / Who did I note for Saturday | {v}.
        film list | {v:Paper Moonlight/the Danish one/Harbour Lights} | Add {v} to my film list / Put {v} on the list of films | What's on my film list / Which film did I write down | {v}.
        garden | {v:sow carrots in April/cut the roses in March/plant garlic in October} | Garden note, {v} / Note for the garden, {v} | What's in my garden note / What did I write about the garden | {v}.
        landlord | Call the landlord about the {v:window/heating/mailbox} | Note that I must call the landlord about the {v} / Write down, call the landlord about the {v} | What did I want from the landlord / What's my note about the landlord | To call about the {v}.
        measurements | The alcove is {v:82/94/110/126} centimetres wide | Write down that the alcove is {v} centimetres wide / Note the width of the alcove, {v} centimetres | How wide is the alcove, I noted it / What width did I note for the alcove | {v} centimetres.
        homework | {v:page 34, exercises two and three/learn the poem/write about a journey} | Note my homework, {v} / Homework for the notes, {v} | What's my homework / Which homework did I note | {v}.
        """, fields: 5)

    static let saved = Bank.choices(
        """
        It's noted. / Written down. / Saved. / It's on the list. / Got it, it's in your notes. / Done, it's saved. / \
        I've written that down. / That's in your notes now. / Noted. / All right, it's down.
        """)

    static let deleteFrames = Bank.choices(
        """
        Delete my {title} note / Throw away the note about {title} / You can erase the {title} note / \
        I don't need the {title} note any more / Get rid of the note called {title} / Bin the {title} note / \
        Remove {title} from my notes / The note {title} can go
        """)
    static let deleteNumberFrames = Bank.choices(
        """
        Delete note {n} / Remove note number {n} / Throw away number {n} of my notes / Note {n} can go / \
        Erase the note with the number {n}
        """)
    /// The note must be found before it can be deleted.
    static let orderedFrames = Bank.choices(
        """
        Delete my newest note / Throw away the last note I made / Remove the oldest of my notes / \
        Erase the oldest note I have / Get rid of the note I made last
        """)
    /// What was just said is to be written down.
    static let thisFrames = Bank.choices(
        """
        Write that down for me / Note that / Put that in my notes / Save that, please / Good, make a note of it / \
        Keep that as a note / I want that in writing
        """)
    static let deleted = Bank.choices(
        """
        It's gone. / Deleted. / Done, it's gone. / That note is gone. / Thrown away. / All right, deleted. / \
        Your {title} note is gone.
        """)
    static let noSuchNote = Bank.choices(
        """
        There's no note by that name, so I left everything as it is. / I found no note like that. / \
        No note goes by that name, so nothing was deleted. / I don't have such a note.
        """)

    static let listFrames = Bank.choices(
        """
        What notes do I have / Go through my notes / What have I written down / Tell me all my notes / \
        Which notes are there / What's in my notes at the moment / Give me an overview of my notes
        """)
    static let empty = Bank.choices(
        """
        There are no notes yet. / Your notes are empty. / Nothing is written down so far. / You have no notes at the moment.
        """)
}
