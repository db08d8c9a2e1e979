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
        how you take your coffee | coffee preference | The user takes their coffee {v:black/with oat milk/with two sugars/with a dash of milk}. | I take my coffee {v} / My coffee has to be {v} | How do I take my coffee / How do I like my coffee | You like it {v}.
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
        the town of your school | school | The user went to school in {v:@places}. | I went to school in {v} / My school was in {v} | Where did I go to school / In which town was my school | In {v}.
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
        what you paid for {v} | price of {v} | The user paid {n:15-480} euros for {v:the armchair/the bicycle/the coffee grinder/the winter coat/the old map}. | I paid {n} euros for {v} / They took {n} euros from me for {v} | What did {v} cost me / For how many euros did I get {v} | You paid {n} euros.
        when you take {v} | {v} | The user takes {v:the blue pill/the iron tablet/the cough syrup/the heart pill} {w:before breakfast/at noon/after supper/at bedtime}. | I take {v} {w} / The doctor wants me to take {v} {w} | When do I take {v} / At what point of the day do I have {v} | {w}.
        your blood group | blood group | The user's blood group is {v:A positive/B negative/O positive/AB positive}. | My blood group is {v} / The test says my blood group is {v} | What's my blood group / Which blood group have I got | {v}.
        what {p} can't eat | {p} stomach ache | {p:@people} gets stomach ache from {v:kiwis/tomatoes/celery/prawns/sesame}. | {p} gets stomach ache from {v} / We found out that {p} gets stomach ache from {v} | What gives {p} stomach ache / Why does {p} get stomach ache | From {v}.
        {p}'s {w} | {p} {w} points | {p:@people} passed the {w:driving test/maths exam/swimming test/piano exam} with {n:71-98} points. | {p} passed the {w} with {n} points / Guess what, {p} got {n} points in the {w} | With how many points did {p} pass the {w} / How did {p} do in the {w} | {p} got {n} points.
        your record in {w} | record {w} | The user's record is {n:12-80} {w:push-ups/lengths in the pool/kilometres on the bike/juggling catches}. | My record is {n} {w} / I managed {n} {w} today, that's my record | How many {w} is my record / What's my record in {w} | {n} {w}.
        when {p} starts at {w} | {p} start | {p:@people} starts at {w:the nursery/the new office/the music school/the hospital} on {d:@dates}. | {p} starts at {w} on {d} / On {d} {p} begins at {w} | When does {p} start at {w} / From which date on is {p} at {w} | On {d}.
        when you stopped smoking | smoking | The user stopped smoking on {d:@dates}. | I stopped smoking on {d} / I haven't smoked since {d} | When did I stop smoking / Since when haven't I been smoking | On {d}.
        what {p} plays | {p} instrument | The user's {r:@relatives} {p:@people} plays the {v:@instruments}. | My {r} {p} plays the {v} / {p}, my {r}, plays the {v} | Which instrument does {p} play / What instrument does my {r} {p} play | The {v}.
        your operation | operation | The user was operated on the {v:left shoulder/right hip/left wrist/right eye} in {m:March/June/autumn/May}. | I was operated on the {v} in {m} / In {m} they operated on my {v} | Which operation did I have, and when / When and where was I operated on | On the {v}, in {m}.
        when the {w} is due | {w} due | The user's {w:car inspection/library loan/insurance payment/chimney sweep} is due on {d:@dates}. | The {w} is due on {d} / My {w} is due on {d} | When is the {w} due / By which date is my {w} due | On {d}.
        how tall {p} is | {p} height | {p:@people} is {n:88-195} centimetres tall. | {p} is {n} centimetres tall now / We measured {p}, {n} centimetres tall | How tall is {p} / What's the height of {p} | {n} centimetres.
        {p}'s house number | {p} house number | {p:@people} lives at house number {n:2-180}. | {p} lives at house number {n} / {p} has house number {n} | At which house number does {p} live / What's {p}'s house number | Number {n}.
        when {p} arrives | {p} arrival | {p:@people} arrives on {d:@days} at {t:@times} by {w:train/bus/plane/ferry}. | {p} arrives on {d} at {t} by {w} / {p} is coming by {w}, on {d} at {t} | When does {p} arrive / How and when does {p} arrive | By {w}, on {d} at {t}.
        the warranty of the {w} | {w} warranty | The {w:washing machine/lawn mower/oven/drill/sewing machine} is under warranty until {d:@dates}. | The {w} has a warranty until {d} / Until {d} the {w} is under warranty | How long is the {w} under warranty / Until when does the warranty of the {w} run | Until {d}.
        what {p} is afraid of | {p} afraid | {p:@people} is afraid of {v:thunder/clowns/deep water/escalators/geese}. | {p} is afraid of {v} / {p} is terribly afraid of {v} | What is {p} afraid of / What was it that {p} is so afraid of | Of {v}.
        what {p} collects | {p} collection | {p:@people} collects {v:corks/beer mats/toy trains/fossils/thimbles}. | {p} collects {v} / {p} has taken to collecting {v} | What does {p} collect / What could I add to {p}'s collection | {v}.
        what {p} has broken | {p} broken | {p:@people} fell and broke {v:an arm/a toe/a rib/the collarbone}. | {p} fell and broke {v} / {p} broke {v} in a fall | What has {p} broken / Which bone was it that {p} broke | {p} broke {v}.
        your heating at night | heating at night | The user sets the heating to {n:15-21} degrees at night. | I set the heating to {n} degrees at night / At night I want the heating at {n} degrees | To how many degrees do I set the heating at night / What's my heating at night | {n} degrees.
        who waters your plants | plants watering | {p:@people} waters the user's plants in {m:July/August/the holidays/spring}. | {p} waters my plants in {m} / In {m} {p} waters my plants | Who waters my plants / Whom have I got for watering the plants | {p} does.
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
        your bet with {p} | bet with {p} loser | I bet {p:@people} that {w:the roof holds/the train will be late/it rains on Sunday}, and the loser {v:pays for dinner/washes both cars/bakes a cake}. | What does the loser of my bet with {p} have to do / If I lose the bet with {p}, what then | The loser {v}.
        what {p} wants for {v} | price of {v} | {p:@people} wants {n:40-900} euros for {v:the kayak/the lessons/the old stove/the caravan}. | How many euros does {p} want for {v} / What price did {p} name for {v} | {p} wants {n} euros.
        the plan for {d} | plan for {d} | On {d:@days} we'll {v:clear out the attic/visit the zoo/bake with the children/fix the swing}. | What's the plan for {d} again / Tell me again what we planned for {d} | On {d} you'll {v}.
        what {p} puts in the {w} | {p} {w} | {p:@people} puts {v:beer/orange peel/a grated carrot/nutmeg} in the {w:pancakes/tomato sauce/dough/stew}. | What does {p} put in the {w} / Tell me again what goes into the {w} that {p} makes | {p} puts {v} in.
        what the mechanic said | mechanic | The mechanic says the {w:clutch/exhaust/battery/left headlight} has to be changed for {n:80-900} euros. | What did the mechanic say / The mechanic called, and what has to be changed | The {w}, for {n} euros.
        the way to {p} | way to {p} | To get to {p:@people}, turn left {v:behind the church/at the water tower/after the tunnel/by the petrol station}. | What's the way to {p}, you should still have it / On the way to {p}, where do I turn | Turn left {v}.
        the {w} meter | {w} meter | The {w:water/gas/power} meter stood at {n:1200-9800} this morning. | What did the {w} meter say / At how much was the {w} meter, I read it out to you | At {n}.
        what {p} promised | {p} promised | {p:@people} promised me {v:a ride to the airport/a day at the lake/the recipe for the sauce/a new bicycle bell}. | What did {p} promise me / There's something {p} promised me, what was it | {p} promised you {v}.
        your quarrel with {p} | quarrel with {p} | I quarrelled with {p:@people} about {v:the thermostat/an old loan/the garden hose/the seating plan}. | What was my quarrel with {p} about / How did the quarrel with {p} start | You quarrelled about {v}.
        your film with {p} | film with {p} | I saw {v:a film about divers/the western with the blind horse/a comedy about twins} with {p:@people}. | Which film did I see with {p} / {p} and I were at the cinema, for which film | You saw {v}.
        where you lost the {w} | lost {w} | I lost my {w:glove/scarf/earring/umbrella} {v:on the tram/in the cinema/at the bakery/by the lake}. | Where did I lose my {w} / My {w} is lost, where was that again | You lost it {v}.
        {p}'s trip | {p} trip | {p:@people} is on a trip to {c:@places} with {q:@people}. | With whom is {p} on that trip / Where does {p}'s trip go, and with whom | To {c}, with {q}.
        what the vet said about {a} | vet {a} | The vet says {a:@pets} must {v:lose two kilos/wear a collar/eat soft food/take drops}. | What did the vet say about {a} / The vet looked at {a}, and what was the verdict | {a} must {v}.
        what your boss wants | boss {w} | My boss wants the {w:report/drawings/price list/presentation} by {d:@days}. | By when does my boss want the {w} / How long has my boss given me for the {w} | By {d}.
        your {w} with {p} | {w} with {p} score | I beat {p:@people} at {w:chess/darts/cards/table tennis} by {a:5-9} to {b:1-4}. | What was the score at {w} with {p} / How clearly did I beat {p} at {w}, what was the score | You won by {a} to {b}.
        what grows behind the {w} | {v} behind {w} | I planted {n:3-40} {v:tulips/leeks/cabbages/strawberries} behind the {w:shed/garage/greenhouse}. | How many {v} are behind the {w} / I put {v} behind the {w}, how many again | {n} {v}.
        whom you met at the {w} | met at the {w} | At the {w:christening/trade fair/garden party/reunion} I met {p:@people}, who {v:keeps bees/builds kites/repairs watches}. | Whom did I meet at the {w} / Who was it I met at the {w}, and what do they do | You met {p}, who {v}.
        the present from {p} | present from {p} | {p:@people} gave me {v:a pepper mill/a red kettle/a hammock/a jigsaw puzzle} as a present. | What was the present from {p} / Which of the presents was from {p} | {p} gave you {v}.
        who repaired the {w} | {w} repair | {p:@people} repaired the {w:gutter/doorbell/lawn mower/heating} for {n:30-200} euros. | Who did the repair of the {w}, and for how much / Tell me again about the repair of the {w} | {p} did, for {n} euros.
        your page in the book | page in the book | I stopped reading the book at page {n:20-480}, where {v:the ship sinks/the letter arrives/the twins meet}. | At which page in the book did I stop / How far was I in the book, I gave you the page | At page {n}, where {v}.
        what the choir sings | choir {d} | Our choir sings {v:a Finnish lullaby/two gospels/a piece by Bach} on {d:@days}. | What does our choir sing on {d} / You should still have it, what's the choir singing on {d} | {v}, on {d}.
        the width of the {w} | {w} width | The {w:doorway/niche/window/hallway} is {n:60-240} centimetres wide. | How wide was the {w} / I measured the width of the {w}, so how wide is it | {n} centimetres.
        what {p} wants to study | {p} study | {p:@people} wants to study {v:forestry/nursing/acoustics/law} in {c:@places}. | What does {p} want to study / Where does {p} want to study, and what | {p} wants to study {v} in {c}.
        the trouble with the {w} | trouble with {w} | The trouble with the {w:toaster/tumble dryer/scanner/door} is that it {v:smells of rubber/stops after a minute/makes a clicking noise}. | What's the trouble with the {w} / The {w} gives me trouble, how did I describe it | It {v}.
        """, fields: 5)

    /// One thing was told and is found, and more is asked about it than was told:
    /// query | what the user said | ways to ask | the answer | ways to ask on | query | what is not known.
    static let followUps = Bank.rows(
        """
        dinner with {p} | I had dinner with {p:@people} at {v:the Copper Pot/the Green Fig/Casa Nova}. | Where did I have dinner with {p} | At {v}. | And what did I eat / What was on my plate there | dinner at {v} food | what you ate
        {p} visit | {p:@people} is coming to visit for {n:2-6} days in {m:May/July/October}. | For how many days is {p} coming to visit | For {n} days, in {m}. | And by which train / Which train was it again | {p} train | which train it is
        bought {v} | I bought {v:a canoe/a telescope/a wheelbarrow/a tandem} from {p:@people}. | From whom did I buy {v} | From {p}. | And for how much / What was the price again | {v} price | the price
        hike to the {v} | I went on a hike to the {v:ruin/chapel/waterfall} with {p:@people}. | With whom did I go on the hike to the {v} | With {p}. | And how many hours did it take / How long was it | hike {v} hours | how long it took
        {p} marriage | {p:@people} married {q:@people} in {m:April/June/September}. | Whom did {p} marry | {p} married {q}. | In which church was that / And in which town | {p} marriage town | where that was
        new {a} of {p} | {p:@people} has a new {a:@animals} called {v:@pets}. | What's the new {a} of {p} called | {v}. | And how old is it / What age is {v} | {v} age | how old {v} is
        {w} repair | The {w:boiler/roof/chimney} will be repaired on {d:@days}. | When will the {w} be repaired | On {d}. | And by which company / Who is coming for it | {w} repair company | who is coming
        course | I signed up for a {w:pottery/first aid/sailing/photo} course. | Which course did I sign up for | For a {w} course. | And when does it begin / On what date is the first lesson | {w} course date | when it begins
        {r} accident | My {r:@relatives} had an accident with {v:a tractor/a ladder/a scooter}. | How did the accident of my {r} happen | With {v}. | And which hospital was it / In which hospital was that | {r} accident hospital | which hospital it was
        {w} for the party | We ordered {n:10-80} {w:tables/chairs/lamps} for the party. | How many {w} did we order for the party | {n} {w}. | And in which colour / What colour are they | {w} party colour | the colour
        baby of {p} | The baby of {p:@people} was born on {d:@dates}. | When was the baby of {p} born | On {d}. | And what did it weigh / How heavy was it | baby of {p} weight | the weight
        present for {p} | I hid the present for {p:@people} {v:under the stairs/in the wash house/behind the sofa}. | Where did I hide the present for {p} | You hid it {v}. | And what's inside / What did I buy | present for {p} | what the present is
        {p} work | {p:@people} works at {s:@shops} now. | Where does {p} work now | At {s}. | And what does {p} earn there / And what's the pay | {p} work pay | that about {p}
        """, fields: 7)

    /// What people put around what they want kept.
    static let rememberFrames = Bank.choices(
        """
        Remember that {q} / Don't forget, {q} / Please remember that {q} / For your memory, {q} / {Q}, please remember that / \
        I want you to know that {q} / Remember this, {q} / {Q}, in case I ask you later / You should know that {q} / \
        {Q}, remember it for me / Learn this about me, {q} / Never forget that {q} / {Q}, so now you know / \
        {Q}, that's worth knowing / {Q}, store that / One for your memory, {q} / {Q}, please don't lose that
        """)
    /// Ways to ask for something that was told, `{mine}` being what it is about.
    static let lookUps = Bank.choices(
        """
        Check your memory for {mine} / Look up what I told you about {mine} / What have I told you about {mine} / \
        Search your memory for {mine} / Have you still got {mine} / Dig out {mine}, I told you once / \
        I once told you {mine}, what was it / Didn't I mention {mine}, what was it / Find what I said about {mine} / \
        You ought to remember {mine}, so tell me / Go through your memory, {mine} / Have I ever told you {mine} / \
        You should still have {mine} / Tell me again, {mine} / What was it again, {mine} / I've forgotten {mine}, and you have it / \
        Help me out, {mine} / You kept {mine} for me, so tell me
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
