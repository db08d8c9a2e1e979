/// What may stand in a profile, with questions that are answered by copying from it. Places are drawn anew each time, so
/// that reading is learned and not the words.
enum TraitBank {
    /// A line each: ways to put it, then exchanges, all separated by ` | `: a question's ways, and its answer.
    static let all: [(forms: [String], exchanges: [Exchange])] = text.split(separator: "\n").map { line in
        let fields = line.components(separatedBy: " | ")
        precondition(fields.count >= 3 && fields.count % 2 == 1, "expected forms and exchanges: \(line)")
        let exchanges = stride(from: 1, to: fields.count, by: 2).map {
            Exchange(asked: Bank.choices(fields[$0]), answer: fields[$0 + 1])
        }
        return (Bank.choices(fields[0]), exchanges)
    }

    private static let text = """
        has a {a:@animals} called {v:@pets} / They have a {a:@animals} called {v:@pets}. / Their {a:@animals} is called {v:@pets}. | What's my pet called / Which name does my animal answer to / Whom do I have to feed | {v}. | What animal do I keep / Which kind of pet lives with me | A {a}.
        sister {v:@people} / Their sister is called {v:@people}. / They have a sister, {v:@people}. | How is my sister called / What's the name of my sister / Whose big brother or sister am I | {v}.
        brother {v:@people} / They have a brother called {v:@people}. | My brother, what's he called / Which name has my brother | {v}.
        husband {v:@people} / Their husband is called {v:@people}. / They are married to {v:@people}. | Who am I married to / What's my husband's name / Whom did I marry | {v}.
        wife {v:@people} / Their wife is called {v:@people}. / They live with their wife {v:@people}. | What's my wife called / Whom do I come home to / Who shares my flat | {v}.
        partner {v:@people} / Their partner is called {v:@people}. | Who's my partner / Who should I buy flowers for | {v}.
        daughter {v:@people} / Their daughter is called {v:@people}. / They have a daughter named {v:@people}. | What's my girl called / Whose school play will I go to | {v}. | How many children have I got / Have I got kids | One daughter, {v}.
        sons {v:@people} and {w:@people} / They have two sons, {v:@people} and {w:@people}. | What are my boys called / Who makes all the noise at my place / Whom do I tuck in at night | {v} and {w}.
        works as {v:@jobs} / They work as {v:@jobs}. / They are {v:@jobs}. | What's my profession / How do I earn my money / What would I put down as my occupation / What am I by trade | You're {v}.
        works at {v:@shops} / They work at {v:@shops}. | Where do I earn my money / Where do I go on weekdays / At which place am I employed | At {v}.
        plays the {v:@instruments} / They play the {v:@instruments}. | What instrument is mine / What do I practise in the evening / What's in my instrument case | The {v}.
        learning the {v:@instruments} / They are learning the {v:@instruments}. | Which instrument do I take lessons on / What do my neighbours have to listen to | The {v}.
        does {v:@hobbies} / They love {v:@hobbies}. / Their hobby is {v:@hobbies}. | What do I do in my free time / What's my pastime / What do I love doing at weekends | {v}.
        learns {v:Danish/Italian/Arabic/Polish/Korean/Spanish/Hindi} / They are learning {v:Danish/Italian/Arabic/Polish/Korean/Spanish/Hindi}. | What language am I learning / Which evening class do I go to / What vocabulary am I cramming | {v}.
        allergic to {v:peanuts/shellfish/eggs/soy/sesame/milk/wheat} / They are allergic to {v:peanuts/shellfish/eggs/soy/sesame/milk/wheat}. | What must I never eat / What should a waiter know about me / Which allergy have I got | You're allergic to {v}. | May I try a bite of that dish with {v} in it / They serve something with {v}, is that for me | No, you're allergic to {v}.
        favourite food {v:@foods} / Their favourite food is {v:@foods}. / They love {v:@foods}. | What do I like to eat best / What should I treat myself to for dinner / Which dish makes me happy / What would I order if I could choose | {v}.
        dislikes {v:olives/mushrooms/liquorice/blue cheese/raisins/beetroot/celery} / They can't stand {v:olives/mushrooms/liquorice/blue cheese/raisins/beetroot/celery}. | What food do I dislike / What should nobody put on my plate / What do I always pick out of my food | {v}. | Somebody offers me {v}, do I want any | No, you can't stand it.
        drinks {v:green tea/espresso/oat milk cocoa/peppermint tea/black coffee} every morning / They drink {v:green tea/espresso/oat milk cocoa/peppermint tea/black coffee} every morning. | What do I drink when I get up / What's in my cup at breakfast | {v}.
        favourite colour {v:@colours} / Their favourite colour is {v:@colours}. | Which colour do I like best / In what colour should I paint my door | {v}.
        drives {v:an old Volvo/a blue Fiat/a white van/a red Skoda/an electric bus/a motorbike} / They drive {v:an old Volvo/a blue Fiat/a white van/a red Skoda/an electric bus/a motorbike}. | What do I drive / What's standing in my garage | You drive {v}.
        born in {v:@places} / They were born in {v:@places}. / They grew up in {v:@places}. | Where was I born / Which town do I come from / Where did I spend my childhood | In {v}.
        studies {v:medicine/law/history/physics/biology/music/economics} / They study {v:medicine/law/history/physics/biology/music/economics}. | What am I studying / Which books do I carry to university / In what will I have a degree | {v}.
        birthday on {v:@dates} / Their birthday is on {v:@dates}. | When was I born / When do I get cake and presents / On what day do I turn a year older | On {v}.
        trains on {v:@days}s / They go to the gym on {v:@days}s. / Their free day is {v:@days}. | Which day of the week is special for me / On which weekday shouldn't anyone call me | {v}.
        supports {v:Leeds/Real Betis/Ajax/Boca Juniors/Celtic/Benfica} / They support {v:Leeds/Real Betis/Ajax/Boca Juniors/Celtic/Benfica}. | Whose scarf do I wear / Which team makes me cheer | {v}.
        reads {v:crime novels/science fiction/poetry/travel books/biographies/comics} / They like {v:crime novels/science fiction/poetry/travel books/biographies/comics}. | What's on my bedside table / What do I like reading / Which shelf in the bookshop is mine | {v}.
        listens to {v:jazz/opera/reggae/folk songs/heavy metal/old soul} / They like {v:jazz/opera/reggae/folk songs/heavy metal/old soul}. | What music do I like / What should they play at my party | {v}.
        grandmother of {v:@people} / They have a grandchild called {v:@people}. | What's my grandchild called / Whom do I babysit | {v}.
        best friend {v:@people} / Their best friend is called {v:@people}. | Who is my best friend / Whom should I call when I'm sad / Who knows all my secrets | {v}.
        lives with {v:@people} / They share a flat with {v:@people}. | Who's my flatmate / Who else has a key to my flat | {v}.
        collects {v:stamps/postcards/coins/teapots/maps/old keys/records} / They collect {v:stamps/postcards/coins/teapots/maps/old keys/records}. | What do I collect / What's in all those boxes of mine / What should one bring me from a flea market | {v}.
        grows {v:tomatoes/roses/herbs/chillies/dahlias/pumpkins} / They grow {v:tomatoes/roses/herbs/chillies/dahlias/pumpkins}. | What do I grow / What will I water this evening / What's in my garden | {v}.
        repairs {v:bicycles/clocks/violins/furniture/boats/cameras} / They repair {v:bicycles/clocks/violins/furniture/boats/cameras}. | What do I repair / What do people bring me when it's broken / What lies on my workbench | {v}.
        teaches {v:maths/geography/swimming/French/drawing/chemistry} / They teach {v:maths/geography/swimming/French/drawing/chemistry}. | What do I teach / What do my pupils learn from me / In which subject do I give marks | {v}.
        bakes {v:bread/pies/wedding cakes/pretzels/cinnamon rolls} / They bake {v:bread/pies/wedding cakes/pretzels/cinnamon rolls}. | What do I bake / What does my kitchen smell of / What could I bring to the party | {v}.
        paints {v:portraits/landscapes/murals/icons} / They paint {v:portraits/landscapes/murals/icons}. | What do I paint / What hangs in my studio | {v}.
        keeps {v:hens/bees/goats/sheep/ducks/horses} / They keep {v:hens/bees/goats/sheep/ducks/horses}. | Which animals do I keep / What animals have I got outside / Who waits for me to be fed | {v}.
        afraid of {v:heights/spiders/dogs/lifts/thunder/flying/needles} / They are afraid of {v:heights/spiders/dogs/lifts/thunder/flying/needles}. | What scares me / What am I scared of / What makes my knees shake | {v}.
        """
}
