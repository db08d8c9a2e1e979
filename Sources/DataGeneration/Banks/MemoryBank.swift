/// What users tell about themselves, once and for good.
enum MemoryBank {
    /// topic | query | fact | ways to tell it | ways to ask for it | the answer. `{v:…}` is drawn anew each time.
    static let facts = Bank.rows(
        """
        your sister's name | sister's name | The user's sister is called {v:@people}. | My sister's name is {v} / By the way, my sister is called {v} | What's my sister called again / Do you still know my sister's name | Your sister is called {v}.
        your brother's name | brother's name | The user's brother is called {v:@people}. | My brother is called {v} / I have a brother, {v} | What was my brother's name / My brother, what's he called | Your brother is called {v}.
        your dog's name | dog's name | The user's dog is called {v:@pets}. | Our dog is called {v} / We got a dog and named him {v} | What name did I give the dog / How is my dog called | {v}.
        your cat's name | cat's name | The user's cat is called {v:@pets}. | My cat's name is {v} / I've got a cat, {v} | What do I call my cat / Do you know what my cat is named | Your cat is called {v}.
        your birthday | birthday | The user's birthday is on {v:@dates}. | My birthday is on {v} / I was born on {v} | When is my birthday / Which day is my birthday on | Your birthday is on {v}.
        your wedding day | wedding anniversary | The user's wedding anniversary is on {v:@dates}. | Our anniversary is {v} / We got married on {v} | When's our anniversary / What date did I get married | You got married on {v}.
        your job | job | The user works as {v:@jobs}. | I work as {v} / I'm {v} by trade | What do I do for a living / What's my job, do you remember | You work as {v}.
        your workplace | workplace | The user works at {v:the city library/a bakery in the old town/Saint Mary's hospital/the harbour office}. | I work at {v} / My work is at {v} | Where do I work / What was the place I work at | You work at {v}.
        your daughter's name | daughter's name | The user's daughter is called {v:@people}. | My daughter is called {v} / My little girl's name is {v} | What's my daughter's name / How is my daughter called | {v}, that's your daughter's name.
        your son's name | son's name | The user's son is called {v:@people}. | My son's name is {v} / We called our boy {v} | What is my son called / Tell me my son's name | Your son is called {v}.
        your favourite food | favourite food | The user's favourite food is {v:@foods}. | My favourite food is {v} / I could eat {v} every day | What's my favourite food / Which dish do I love most | {v}, you could eat it every day.
        your favourite band | favourite band | The user's favourite band is {v:The Paper Kites/Blue Harbour/Khruangbin/The Old Canal}. | My favourite band is {v} / I listen to {v} all the time | What band do I love / Which band is my favourite | {v}.
        your allergy | allergy | The user is allergic to {v:peanuts/shellfish/penicillin/strawberries/cats/hazelnuts}. | I'm allergic to {v} / I can't have {v}, I'm allergic | What am I allergic to / Which allergy do I have | You're allergic to {v}.
        your shoe size | shoe size | The user wears shoe size {v:38/39/41/42/43/45}. | My shoe size is {v} / I take a {v} in shoes | What's my shoe size / Which size of shoes do I wear | Size {v}.
        your doctor's name | doctor's name | The user's doctor is Doctor {v:Keller/Mbeki/Rao/Silva/Novak/Amsel/Lindholm/Osei/Ferrari/Yilmaz}. | My doctor is called {v} / I go to Doctor {v} | Who's my doctor / What was my doctor's name | Doctor {v}.
        your car | car | The user drives {v:an old Volvo/a blue Fiat/a little Suzuki/a white van/a red Skoda}. | I drive {v} / My car is {v} | What car do I drive / Which car have I got | You drive {v}.
        your parking spot | parking spot | The user parked {v:on level two, row F/behind the bakery/next to the blue container/on level four by the lift}. | I parked {v} / The car is {v}, keep that for me | Where did I park / Where's my car standing | You parked {v}.
        where the spare key is | spare key | The spare key is {v:under the blue flower pot/with Missis Hansen next door/in the toolbox/behind the mirror}. | The spare key is {v} / I've put the spare key {v} | Where's the spare key / Where did I leave the spare key | It's {v}.
        the wifi name | wifi name | The user's wifi is called {v:Moonbase/PastaNet/Blue Door/Second Floor}. | My wifi is called {v} / The network here is {v} | What's my wifi called / Which network is mine | Yours is {v}.
        your gym day | gym day | The user goes to the gym on {v:@days}s. | I go to the gym on {v}s / {v}s are my gym days | When's my gym day / On which day do I train | On {v}s.
        your choir | choir | The user sings in {v:a gospel choir/the church choir/a chamber choir}. | I sing in {v} / I've joined {v} | What choir do I sing in / Where do I sing | You sing in {v}.
        your wife's birthday present | present for wife | The user wants to give their wife {v:a silver bracelet/a pottery course/a camera/a trip to the sea}. | I want to give my wife {v} / For my wife's birthday I'll get {v} | What am I giving my wife / What was my idea for my wife's present | You wanted to give her {v}.
        your new year's resolution | new year's resolution | The user's resolution is to {v:read one book a month/swim twice a week/drink less coffee/learn Italian}. | My resolution is to {v} / This year I want to {v} | What was my resolution / Which plan did I have for this year | To {v}.
        your favourite café | favourite café | The user's favourite café is {v:Café Lumen/The Yellow Door/Kaffeekanne/Little Owl}. | My favourite café is {v} / I love sitting at {v} | Which café do I like / What's my favourite café | {v}.
        how you take your coffee | coffee preference | The user takes their coffee {v:black/with oat milk/with two sugars/with a dash of milk}. | I take my coffee {v} / I like coffee {v} | How do I take my coffee / How do I like my coffee | You like it {v}.
        your grandmother's village | grandmother's village | The user's grandmother comes from {v:a village near Kraków/Hampi/a valley in Tyrol/the island of Naxos}. | My grandmother comes from {v} / Grandma was born in {v} | Where does my grandmother come from / Where was my gran born | She comes from {v}.
        your landlord's name | landlord's name | The user's landlord is called {v:Mister Brandt/Missis Okafor/Mister Lindqvist}. | My landlord is called {v} / The landlord's name is {v} | Who's my landlord / What's my landlord's name | {v}.
        your instrument | instrument | The user plays the {v:@instruments}. | I play the {v} / I've started playing the {v} | Which instrument do I play / What do I play | You play the {v}.
        your football club | football club | The user supports {v:Union Berlin/Real Betis/Leeds/Boca Juniors}. | I support {v} / My club is {v} | Which club do I support / What's my team | {v}.
        your flight | flight | The user flies to {v:Lisbon on 14 May/Oslo on 3 June/Chennai on 20 December/Boston on 9 October}. | I'm flying to {v} / I booked a flight to {v} | Where am I flying and when / When does my flight go | You're flying to {v}.
        your locker number | locker number | The user's locker is number {v:11-399}. | My locker number is {v} / I've got locker {v} | What's my locker number / Which locker is mine | Number {v}.
        your best friend's name | best friend's name | The user's best friend is called {v:@people}. | My best friend is {v} / {v} is my oldest friend | Who's my best friend / What's my best friend's name | {v}.
        your favourite tree | favourite tree | The user's favourite tree is the {v:chestnut/silver birch/neem/olive}. | The {v} is my favourite tree / I love the {v} above all trees | Which tree do I love / What tree is my favourite | The {v}.
        your medicine | medicine | The user takes {v:iron tablets in the morning/vitamin D on Sundays/blood pressure pills at night}. | I take {v} / Keep in mind that I take {v} | What medicine do I take / Which pills do I take and when | You take {v}.
        your hat size | hat size | The user's hat size is {v:56/57/58/60}. | My hat size is {v} / I wear a hat in {v} | What's my hat size / Which hat size do I need | {v}.
        the name of your boat | boat's name | The user's boat is called {v:Penelope/Sea Otter/Second Wind}. | My boat is called {v} / We named the boat {v} | What's my boat called / How did I name my boat | She's called {v}.
        your gate code | gate code | The code of the user's gate is {v:1000-9999}. | The gate code is {v} / Keep my gate code for me, {v} | What's the code for my gate / Which code opens my gate | {v}.
        your ring size | ring size | The user's ring size is {v:52/54/56/60}. | My ring size is {v} / I wear rings in {v} | What's my ring size / Which size of ring do I wear | {v}.
        your nephew's name | nephew's name | The user's nephew is called {v:@people}. | My nephew is called {v} / I have a nephew named {v} | What's my nephew's name / How is my nephew called | {v}.
        your father's birthday | father's birthday | The birthday of the user's father is on {v:@dates}. | My dad's birthday is on {v} / Dad was born on {v} | When's my dad's birthday / When do I have to call Dad for his birthday | On {v}.
        your hairdresser | hairdresser | The user's hairdresser is called {v:@people}. | My hairdresser is called {v} / I go to {v} for my hair | Who cuts my hair / What's my hairdresser called | {v}.
        your favourite flower | favourite flower | The user's favourite flower is the {v:peony/sunflower/jasmine/tulip}. | My favourite flower is the {v} / I love the {v} most | Which flower is my favourite / What flower do I like best | The {v}.
        your bus line | bus line | The user takes bus {v:2-129} to work. | I take bus {v} to work / Bus {v} is mine | Which bus do I take / What's the number of my bus | Bus {v}.
        what your grandmother called you | nickname | The user's grandmother called them {v:Sparrow/Little Bear/Chuchu/Mouse}. | My gran always called me {v} / As a child I was called {v} | What did my gran call me / What was my nickname | She called you {v}.
        your mother's soup | mother's soup | The user's mother makes {v:beetroot soup/chicken soup with dill/rasam/pumpkin soup}. | My mum makes the best {v} / Nobody makes {v} like my mother | Which soup does my mum make / What was the soup my mother makes | Your mother makes {v}.
        where you went to school | school | The user went to school in {v:@places}. | I went to school in {v} / My school was in {v} | Where did I go to school / In which town was my school | In {v}.
        your running shoes | running shoes | The user's running shoes are {v:blue/orange/a size too small/two years old}. | My running shoes are {v} / Those running shoes of mine are {v} | What did I say about my running shoes / How are my running shoes | They're {v}.
        the vet | vet | The user's vet is Doctor {v:Amsel/Otieno/Fuentes}. | Our vet is Doctor {v} / The vet's name is Doctor {v} | Who's our vet / What's the vet called | Doctor {v}.
        your {r}'s name | name of {r} | The user's {r:@relatives} is called {v:@people}. | My {r} is called {v} / I have a {r} named {v} | What's my {r} called / Do you still know the name of my {r} | {v}.
        where your {r} lives | {r}'s home | The user's {r:@relatives} {v:@people} lives in {c:@places}. | My {r} {v} lives in {c} / {v}, my {r}, has settled in {c} | Where does my {r} live / In which town does {v} live | In {c}.
        your {r}'s job | {r}'s job | The user's {r:@relatives} {v:@people} is {j:@jobs}. | My {r} {v} is {j} / {v}, that's my {r}, is {j} now | What does my {r} do for work / What's {v}'s job | {v} is {j}.
        your {r}'s birthday | {r}'s birthday | The birthday of the user's {r:@relatives} {v:@people} is on {d:@dates}. | My {r} {v} has a birthday on {d} / {v}, my {r}, was born on {d} | When does {v} have a birthday / When's my {r}'s birthday | On {d}.
        where {v} is | place of {v} | The user keeps {v:@things} in {w:the cellar/the attic/the hall cupboard/the garage/the bottom drawer/the green trunk}. | I keep {v} in {w} / I've put {v} in {w} | Where have I put {v} / Where do I keep {v} | In {w}.
        to whom you lent {v} | lent {v} | The user lent {p:@people} {v:@things}. | I lent {p} {v} / {p} has borrowed {v} from me | Who did I lend {v} / Who has got {v} | {p} has it.
        your appointment with {p} | appointment with {p} | The user meets {p:@people} on {d:@days} at {t:@times}. | I'm meeting {p} on {d} at {t} / {p} expects me on {d} at {t} | When am I meeting {p} / When does {p} expect me | On {d} at {t}.
        your hobby | hobby | The user has taken up {v:@hobbies}. | I've taken up {v} / I started {v} this month | Which hobby did I take up / What did I start doing | You took up {v}.
        what {p} likes to eat | {p}'s favourite food | {p:@people}'s favourite food is {v:@foods}. | {p} loves {v} more than anything / {p}'s favourite food is {v} | What does {p} like to eat / What should I cook for {p} | {v}.
        what you owe {p} | debt to {p} | The user owes {p:@people} {n:5-95} euros. | I owe {p} {n} euros / {p} lent me {n} euros | How much do I owe {p} / What did {p} lend me | {n} euros.
        your new flat | new flat | The user has moved to {c:@places}. | I've moved to {c} / We live in {c} now | Where did I move to / Which town did I move to | You moved to {c}.
        your new job | new job | The user has become {j:@jobs}. | I've become {j} / As of now I'm {j} | What have I become / What's my new job | You've become {j}.
        your {a}'s name | {a}'s name | The user's {a:@animals} is called {v:@pets}. | My {a} is called {v} / We've named our {a} {v} | What's my {a} called / Which name did we give the {a} | {v}.
        your diet | diet | The user no longer eats {v:meat/sugar/bread/cheese/eggs}. | I've stopped eating {v} / I don't eat {v} any more | What have I stopped eating / What don't I eat any more | You stopped eating {v}.
        the colour of the {w} | {w} colour | The user wants the {w:bathroom/bedroom/hall/garden shed/bench/bicycle} in {v:@colours}. | The {w} is going to be {v} / I want the {w} in {v} | Which colour do I want for the {w} / In what colour will the {w} be | In {v}.
        your working days | working days | The user works on {d:@days}s and {e:@days}s. | I only work on {d}s and {e}s / My working days are {d} and {e} | On which days do I work / When do I have to work | On {d}s and {e}s.
        your bedtime | bedtime | The user goes to bed at {t:@times}. | I always go to bed at {t} / Bedtime for me is {t} | When's my bedtime / At what time do I go to bed | At {t}.
        your hotel | hotel | The user stays at the {v:Grand Elm/Seagull/Hotel Aurora/Blue Swan/Hotel Mira} in {c:@places}. | I'm staying at the {v} in {c} / My hotel in {c} is the {v} | What's my hotel called / Where am I staying in {c} | The {v}.
        your seat | seat number | The user's seat is number {n:1-60} in coach {m:2-14}. | My seat is number {n} in coach {m} / I'm in coach {m}, seat {n} | Which seat have I got / In which coach do I sit | Seat {n} in coach {m}.
        """, fields: 6)

    /// topic | query | what the user said then | ways to ask for it | the answer.
    static let talks = Bank.rows(
        """
        the restaurant you liked | restaurant recommendation | I went to {v:the Green Fig/Bar Tolo/the Little Anchor} last night and the fish was wonderful. | What was that restaurant I liked / Which restaurant did I rave about | It was {v}, you liked the fish.
        the film you wanted to see | film to watch | I still want to see {v:the one about the lighthouse/the Danish one with the choir/the film about the beekeeper}. | Which film did I want to see / What was the film on my list | You wanted to see {v}.
        the book Priya lent you | book from Priya | Priya lent me {v:a novel about a lighthouse keeper/her cookbook from Kerala/a history of salt}. | Which book did Priya lend me / What was it that Priya lent me | She lent you {v}.
        what the doctor said | doctor's advice | The doctor told me to {v:walk every day/cut down on salt/come back in six weeks}. | Which advice did the doctor give me / What was the doctor's advice | The doctor told you to {v}.
        your holiday plan | holiday plans | We're thinking of {v:two weeks in Brittany/a hut in the Dolomites/a train trip to Norway} this summer. | What were we planning for the summer / What did I say about the holidays | You were thinking of {v}.
        the wine you liked | wine | The {v:Riesling from the Mosel/Rioja from Tuesday/red from Puglia} was really good. | Which wine was it that I liked / What was the good wine called | It was the {v}.
        the idea for the kitchen | kitchen renovation | I want {v:green tiles/a wooden worktop/open shelves} in the kitchen. | What was my idea for the kitchen / How did I want the kitchen | You wanted {v}.
        what broke last week | repair | The {v:dishwasher/washing machine/boiler} broke again last week. | What was it that broke / Which thing stopped working last week | It was the {v}.
        the name of the plumber | plumber | The plumber's name was {v:Mister Jansen/Ayub/Missis Petrova} and he was quick. | What was the plumber's name / Who came to fix the pipe | It was {v}.
        the podcast you mentioned | podcast | I listened to a podcast about {v:deep sea animals/the history of jazz/bees in the city}. | What was that podcast about / Which podcast was it the other day | It was about {v}.
        your running time | running time | I ran ten kilometres in {v:fifty-eight minutes/an hour and four/fifty-two minutes}. | What was my time for the ten kilometres / How fast was I on that run | You took {v}.
        the recipe from your aunt | aunt's recipe | My aunt's secret is {v:a spoon of vinegar in the dough/cinnamon in the meat sauce/a bay leaf in the rice}. | What was my aunt's trick / What did I say is in my aunt's recipe | Her secret is {v}.
        your meeting with Karim | meeting with Karim | I'm seeing Karim {v:on Thursday at six/next Monday for lunch/on the twelfth}. | When was I going to see Karim / What did I plan with Karim | You're seeing him {v}.
        the colour for the fence | fence colour | We'll paint the fence {v:dark green/grey/a warm red}. | Which colour did we pick for the fence / What was it we decided for the fence | You decided on {v}.
        the song from the wedding | wedding song | They danced to {v:a slow waltz/an old Bollywood song/a Motown song} at the wedding. | What did they dance to at the wedding / Which music was it at the wedding | They danced to {v}.
        the hike you did | hike | We hiked {v:around the lake/up to the ruin/along the old railway} on Sunday. | Which hike did we do / Where did I say we hiked | You hiked {v}.
        what you sold | sold online | I sold {v:the old piano/my bicycle/the baby bed} yesterday. | Which thing did I sell / Remind me which thing I sold | You sold {v}.
        the exhibition | exhibition | The exhibition about {v:lighthouses/paper/the sea floor} was better than I thought. | Which exhibition did I see / What was the exhibition about | It was about {v}.
        your bet with Lena | bet with Lena | I bet Lena {v:a dinner/ten euros/a bottle of wine} that it will snow before December. | What did I bet Lena / What's at stake between me and Lena | You bet her {v}.
        the neighbour's complaint | neighbour complaint | The neighbour complained about {v:my music/the bikes in the hall/our barbecue}. | What did the neighbour complain about / Why was the neighbour cross | It was about {v}.
        what you promised Mum | promise to Mum | I promised Mum to {v:fix her gate/call on Sundays/bring the photos}. | What did I promise Mum / What was my promise to Mum | You promised to {v}.
        the tent you wanted | tent | I'm thinking about {v:the small green tent/a roof tent/a tunnel tent}. | Which tent was I thinking about / What kind of tent did I want | You were thinking about {v}.
        """, fields: 5)

    /// What people put around what they want kept.
    static let rememberFrames = Bank.choices(
        """
        Remember that {q} / Don't forget, {q} / Please remember that {q} / For your memory, {q} / {Q}, please remember that / \
        I want you to know that {q} / Remember this, {q} / {Q}, in case I ask you later / You should know that {q} / \
        {Q}, remember it for me / Learn this about me, {q} / Never forget that {q} / {Q}, so now you know
        """)
    /// Ways to ask for something that was told, `{mine}` being what it is about.
    static let lookUps = Bank.choices(
        """
        Check your memory for {mine} / Look up what I told you about {mine} / What have I told you about {mine} / \
        Search your memory for {mine} / Do you still have {mine} / Dig out {mine}, I told you once / \
        I once told you {mine}, what was it / Didn't I mention {mine}, what was it / Find what I said about {mine} / \
        You ought to remember {mine}, so tell me / Go through your memory, {mine} / Have I ever told you {mine}
        """)

    static let saved = Bank.choices(
        """
        I'll remember that. / Got it, I won't forget. / Good to know, that's kept. / I'll keep that in mind. / Noted, and kept. / \
        That stays with me now. / All right, I've got it. / Lovely, I'll remember. / Kept, thanks for telling me. / \
        Okay, I know that now. / Good, that's in my memory. / Remembered.
        """)

    static let notFound = Bank.choices(
        """
        I don't remember {topic}. / Sorry, I don't remember {topic}. / I looked, but I don't remember {topic}. / \
        I don't remember you telling me {topic}. / I'm afraid I don't remember {topic}. / Honestly, I don't remember {topic}. / \
        No, I don't remember {topic}. / I don't remember that. / I don't remember that, sorry.
        """)

    /// Without tools she can only say what she sees.
    static let notKnown = Bank.choices(
        """
        I don't remember {topic}. / I don't know {topic}. / Sorry, I don't know {topic}. / I don't know {topic} yet.
        """)

    /// What users say of the moment, which is nothing to remember: ways to say it and how she answers.
    static let passing = Bank.lines(
        """
        I'm eating a sandwich right now | Enjoy it, and mind the crumbs.
        I'm just looking out of the window | The best channel there is.
        I had a long shower | Few things reset a day better.
        I'm stuck in a meeting | Then look interested and think of lunch.
        I missed the bus this morning | Annoying, but the walk counts as sport.
        I'm wearing two different socks | That's a style, as long as you do it on purpose.
        I spilled coffee on my shirt | Cold water quickly, and pretend it was modern art.
        My tea has gone cold | A minute in the microwave and nobody will know.
        I'm folding laundry | Noble work, somebody should write a song about it.
        I've got the hiccups | Hold your breath and swallow three times, it often does it.
        I'm on hold with the bank | My condolences, may the music be short.
        I just watered the plants | They'd thank you if they could.
        There's a fly in my room | Open the window, switch off the light, and it leaves for the brighter party.
        I'm waiting for a parcel | It will come the moment you step into the shower.
        I've been cooking all afternoon | Then I hope somebody else does the dishes.
        The sun is coming out | Go and stand in it for a minute.
        I'm hungry | Then something with bread and cheese, before you make decisions.
        I need a holiday | You do, and until then a slow Sunday has to help.
        I'm watching the football | Then I'll be quiet until half-time.
        My battery is almost empty | Plug it in before it leaves us mid-sentence.
        The postman just walked past the window | Then wave, maybe they look up.
        The kettle is whistling | Then it's nearly tea time.
        My foot fell asleep | Stamp a little, it comes back with tingles.
        The bread is in the oven | Soon the whole house will smell of it.
        The baby is laughing at the cat | There's hardly a better show.
        It smells of rain here | That smell is half the fun of summer.
        My neighbour's hens got out | Then it's an egg hunt with legs.
        A pigeon is sitting on my balcony | It probably likes the view.
        We just had a power cut | Candles have their moment now.
        The dishwasher is full again | It always is, it must breed plates.
        She forgot her scarf here | Then she has a reason to come back.
        He sings in the shower every morning | At least somebody starts the day happy.
        They left without saying goodbye | That stings a little, I know.
        The lift is broken today | Stairs it is, slowly and with dignity.
        I've got flour all over me | Then something good is on its way.
        There's a queue at the baker's | A good sign for the rolls.
        I stepped on a toy brick | Ouch, few things hurt as much.
        The children built a tower of books | Let it stand for a day, towers like that are rare.
        My customer changed her mind twice | Customers do, that's half the trade.
        The boat leaks a little | Then keep a bucket near and your shoes dry.
        The pump is running again | Good, that's one worry less.
        Work was slow today | Slow days have their use, you can breathe.
        I finished the blue one | Well done, that's a piece of work off the table.
        The last bus is gone | Then it's a walk under the stars.
        The students were noisy today | Spring does that to them.
        Somebody left the light on | At least nobody stumbled.
        I got a good price for it | Well bargained, enjoy it.
        That took me the whole day | Then put your feet up now, you've earned it.
        My hands are cold | Hold a warm cup, that's the quickest cure.
        The neighbours' boy won a race | Fast legs, he must be proud.
        """)
}
