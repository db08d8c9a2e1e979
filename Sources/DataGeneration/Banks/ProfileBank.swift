/// Who users are: names, places and what they would have their companion know.
enum ProfileBank {
    static let names = Bank.choices(
        """
        Rajesh / Ingrid / Mateo / Aisha / Yuki / Tom / Priya / Lars / Chiara / Kwame / Sofia / Nikhil / Marta / Olek / Fatima / \
        Pierre / Hana / Diego / Elin / Samuel / Ananya / Jonas / Leila / Viktor / Grace / Arjun / Camille / Tariq / Freya / \
        Miguel / Noor / Stefan / Ayo / Beatriz / Karan / Liv / Omar / Petra / Sanjay / Thandi / Ursula / Vikram / Wanjiru / \
        Xavier / Zeynep / Anton / Bilal / Carmen / Dilip / Esra / Farid / Giulia / Hugo / Irina / Jasper / Kavya / Lucia / \
        Manoj / Nadia / Oscar / Paula / Quentin / Rosa / Suresh / Tove / Umar / Vera / Willem / Yasmin / Zuzana / Amara / \
        Bruno / Chen / Deepa / Emeka / Fiona / Gopal / Helga / Ivan / Joanna / Kenji / Lakshmi / Mirela / Nils / Orla / \
        Pablo / Ravi / Sunita / Tobias / Valeria / Wei / Ximena / Yusuf / Zara / Alok / Brigitte / Cormac / Dalia / Eero / \
        Frida / Goran / Hina / Ismael / Jaya / Katrin / Leon / Meena / Noah / Olga / Prakash / Rita / Selim / Tanja / Uma / \
        Vincent / Wiktor / Yara / Zoltan / Akira / Birgit / Caspar / Divya / Enzo / Gita / Henrik / Isabel / Jorge / Keya
        """)

    static let cities = Bank.choices(
        """
        Bangalore / Mysore / Oslo / Lisbon / Kraków / Nairobi / Osaka / Leeds / Porto / Montreal / Chennai / Hamburg / Turin / \
        Accra / Seville / Gothenburg / Ankara / Lyon / Antwerp / Cork / Kyoto / Medellín / Pune / Riga / Ghent / Bergen / \
        Valencia / Zagreb / Cape Town / Tampere / Salzburg / Bologna / Hyderabad / Lagos / Utrecht / Bristol / Wrocław / \
        Marseille / Tallinn / Mombasa / Kochi / Graz / Aarhus / Granada / Sheffield / Brno / Nantes / Trieste / Hubli / \
        Rotterdam / Vilnius / Malmö / Naples / Basel / Kolkata / Galway / Bilbao / Split / Dresden / Austin / Boston / \
        Melbourne / Wellington / Vancouver / Santiago / Montevideo / Izmir / Haifa / Hanoi / Busan / Taipei / Mangalore
        """)

    static let languages = Bank.choices(
        """
        English / Kannada, English / Norwegian, English / Portuguese, English / Polish, English / Swahili, English / \
        Japanese, English / Spanish, English / French, English / German, English / Tamil, English / Italian, English / \
        Turkish, English / Hindi, Kannada, English / Dutch, English / Arabic, French, English / Telugu, Hindi, English / \
        Ukrainian, English / Danish, English / Korean, English / Greek, English / Yoruba, English / Catalan, Spanish, English
        """)

    /// ways to put it | a question it answers | that answer | a question it bears on | that answer.
    static let preferences = Bank.rows(
        """
        vegetarian / They are vegetarian. / They eat no meat. | Do I eat meat / Should I order the chicken, what do you think | No, you're vegetarian. | What could I cook tonight / Suggest a quick dinner for me | A chickpea curry with spinach, ready in half an hour.
        vegan / They are vegan. | Could I have the cheese omelette / Do I drink milk | No, you're vegan. | What can I bake for the office / Give me an idea for breakfast | Banana bread with oil instead of butter, nobody will miss a thing.
        works nights / They work nights. | When do I work / Which shift am I on | You work nights. | When should I go for a run / What's a good time for the gym | In the late afternoon, after you've slept and before your shift.
        allergic to nuts / They are allergic to nuts. | Can I have the pesto / What do I have to look out for in food | Careful, you're allergic to nuts. | What's a good snack for the train / What cake can I order | Apple cake without the almonds, ask them to be sure about nuts.
        drinks no alcohol / They don't drink alcohol. | Do I drink wine / Shall I get a beer | No, you don't drink alcohol. | What could I drink at the party / What goes with grilled fish to drink | Sparkling water with lime and a sprig of rosemary.
        has a dog called Rocky / They have a dog called Rocky. | What's my dog called / Do I have a pet | Your dog is called Rocky. | What can I do with a free afternoon / How could I spend Sunday | A long walk with Rocky somewhere he hasn't sniffed yet.
        has two cats / They have two cats. | Do I have any pets / How many cats do I have | You have two cats. | Should I buy lilies / Are lilies okay for my flat | Better not, lilies are poisonous for your cats.
        learning the guitar / They are learning the guitar. | Which instrument am I learning / What am I learning these days | The guitar. | What could I do for fifteen minutes / How do I relax after work | Play three chords on your guitar until your head is empty.
        cycles to work / They cycle to work. | How do I get to work / What do I take to the office | You cycle. | What should I wear tomorrow if it rains / What do I need for rainy mornings | A rain cape over the bike, and dry socks in the bag.
        two children, Mia and Leo / They have two children, Mia and Leo. | What are my children called / How many kids do I have | Mia and Leo. | What could we do this weekend / Any idea for a rainy Saturday | Build a blanket cave with Mia and Leo and read with a torch.
        retired teacher / They are a retired teacher. | What did I use to do for work / What was my profession | You were a teacher. | How could I fill my mornings / Where could I volunteer | A school would love to have you back for reading hours.
        hard of hearing / They are hard of hearing. | Why should people speak up with me / What should others know about my ears | You're hard of hearing. | Where should I sit at the dinner / How do I follow a big meeting | With your back to the wall, where you can see every face.
        prefers Celsius / They prefer Celsius. | Do I like Celsius or Fahrenheit / In which unit do I want temperatures | Celsius. | How hot should bath water be / What's a good fridge temperature | For the body, thirty-seven degrees feels right, and a fridge does well at five.
        afraid of heights / They are afraid of heights. | What am I afraid of / Do I mind high places | You're afraid of heights. | What could we visit on the trip / Which sight should I pick | Take the old town and the river, and leave the tower to the others.
        runs marathons / They run marathons. | What sport do I do / Do I do any sport | You run marathons. | What should I eat the evening before a race / How do I spend a rest day | Plenty of noodles and early to bed, your legs know the rest.
        likes crime novels / They like crime novels. | What do I like to read / Which books do I like | Crime novels. | What could I read next / Pick a book for my holiday | The Daughter of Time, a detective who solves an old crime from his bed.
        plays chess / They play chess. | Which game do I play / What's my hobby | You play chess. | What could I do in the waiting room / How do I pass an hour on the train | Solve a few chess puzzles, an hour is gone in no time.
        has asthma / They have asthma. | What do I have to watch out for with my lungs / Which illness do I have | You have asthma. | What should I take along for the hike / Is a dusty attic a good job for me | Your inhaler first of all, and stay out of the dust.
        left-handed / They are left-handed. | Which hand do I write with / Am I right-handed | You're left-handed. | What scissors should I buy / Which guitar do I need | One made for the left hand, it makes all the difference.
        collects stamps / They collect stamps. | What do I collect / What's in my albums | Stamps. | What could I bring home from a trip / How do I spend a rainy evening | A few stamps from the place, they weigh nothing and last.
        from Karnataka / They come from Karnataka. | Which state do I come from / Where is my family from | From Karnataka. | What could I cook for my friends here / Which dish from home should I make | Bisi bele bath, it tastes of home and feeds a crowd.
        sings in a choir / They sing in a choir. | Where do I sing / What do I do with my voice | You sing in a choir. | How do I warm up my throat / What helps me before the concert | Hum gently, sip warm water, and don't whisper.
        grows vegetables / They grow vegetables. | What do I grow / What's in my garden | You grow vegetables. | What can I do in the garden in March / What could I plant next to tomatoes | Sow early things inside, and later put basil beside the tomatoes.
        diabetic / They have diabetes. | Which illness should you know about / Can I drink cola just like that | You have diabetes, so careful with sugar. | What dessert can I have / What's a good snack for me | Plain yoghurt with a few berries and some nuts.
        studies medicine / They study medicine. | What am I studying / What's my subject | Medicine. | How should I prepare for the exam / How do I get through the week | One organ a day, aloud, as if you explained it to a patient.
        lives alone / They live alone. | Who do I live with / Do I live with somebody | You live alone. | How do I keep soup from going to waste / What's good to cook for one | Cook a pot, and freeze it in cups for the evenings to come.
        hates coriander / They hate coriander. | Which herb can't I stand / What should I ask them to leave out | Coriander. | What goes on top of my curry / How do I finish a salsa | Mint or parsley, and no coriander for you.
        drives a van / They drive a van. | What do I drive / What kind of car have I got | A van. | How could I move my sofa / What about a weekend by the sea | In your van, it swallows a sofa and makes a fair bedroom too.
        bad knees / They have bad knees. | What's wrong with my legs / Which part of me should I spare | Your knees. | What sport would suit me / How can I get fitter | Swimming or cycling, both are kind to your knees.
        supports Arsenal / They support Arsenal. | Which club do I support / What's my team | Arsenal. | What could hang over my desk / What do I wear on Saturday | Something in red and white, for Arsenal of course.
        """, fields: 5)

    /// A name is asked for, and it stands in the profile.
    static let nameFrames = Bank.choices(
        """
        Which name do I go by / Do you know what I'm called / Say my name / Who's talking to you / Do you know my name / \
        Greet me by name / How do you call me / I bet you forgot my name
        """)
    static let nameAnswers = Bank.choices(
        """
        You're {name}. / {name}. / Your name is {name}. / {name}, of course. / You're called {name}. / I know you as {name}.
        """)
    static let nameDoubts = Bank.choices(
        "Am I Peter / Is my name Klara / I'm called Robin, right / Was I Sam or Alex / You think I'm Charlie, don't you"
    )
    static let nameDoubtAnswers = Bank.choices("No, you're {name}. / No, your name is {name}. / No, {name}.")
    static let cityFrames = Bank.choices(
        """
        Where do I live / Which city is mine / What city am I in / Where's my home / Do you know where I live / \
        In which town do I live
        """)
    static let cityAnswers = Bank.choices("You live in {city}. / In {city}. / {city}. / Home for you is {city}.")
    static let languageFrames = Bank.choices(
        "Which languages do I speak / What languages do I know / In which languages could you talk to me")
    static let hello = Bank.choices(
        """
        Hi, I'm home / Hello Annie / Hey there / Good to hear you / I'm here / It's me again / Hi, me again / Anybody home
        """)
    static let helloAnswers = Bank.choices(
        """
        Hi {name}, good to hear you. / Hello {name}. / Hey {name}, welcome back. / There you are, {name}. / \
        Good to hear your voice, {name}.
        """)
}
