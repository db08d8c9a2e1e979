/// What every schoolchild knows, answered in a plain sentence: a small model keeps what it knows best when it may say it
/// in the words in which it learned it.
enum PlainFactBank {
    static let all = world + living + things

    static let world = Bank.lines(
        """
        What's the capital of Spain | The capital of Spain is Madrid.
        What's the capital of Germany / Which city is the German capital | The capital of Germany is Berlin.
        Which city is the capital of Egypt | The capital of Egypt is Cairo.
        What's the capital of Russia | The capital of Russia is Moscow.
        What's the capital of Canada | The capital of Canada is Ottawa.
        What's the capital of Greece | The capital of Greece is Athens.
        Which is the capital of Portugal | The capital of Portugal is Lisbon.
        What's the capital of India | The capital of India is New Delhi.
        What's the capital of the United States | The capital of the United States is Washington.
        What's the capital of Ireland | The capital of Ireland is Dublin.
        What is the longest river in Africa | The longest river in Africa is the Nile.
        Which river flows through London | The Thames flows through London.
        What's the largest country on earth | The largest country in the world is Russia.
        Which country has the most people | India and China have the most people, more than a billion each.
        What's the highest mountain in the world | The highest mountain in the world is Mount Everest.
        Which ocean is the biggest | The biggest ocean is the Pacific Ocean.
        Which ocean lies between Europe and America | The Atlantic Ocean lies between Europe and America.
        What's the smallest continent | The smallest continent is Australia.
        On which continent is Kenya | Kenya is in Africa.
        On which continent is Brazil | Brazil is in South America.
        Where are the pyramids | The pyramids are in Egypt.
        Where is the Statue of Liberty | The Statue of Liberty is in New York.
        Where is the Colosseum | The Colosseum is in Rome.
        Where would I find the Taj Mahal | The Taj Mahal is in India, in the city of Agra.
        Where is the Great Wall | The Great Wall is in China.
        Which language do people speak in Mexico | People in Mexico speak Spanish.
        What do they speak in Brazil | People in Brazil speak Portuguese.
        Which language is spoken in Austria | People in Austria speak German.
        What money do they use in Japan | Japan uses the yen.
        What do you pay with in Britain | In Britain you pay in pounds.
        Who painted the Mona Lisa | Leonardo da Vinci painted the Mona Lisa.
        Who painted the Starry Night | Vincent van Gogh painted the Starry Night.
        Who wrote Romeo and Juliet | William Shakespeare wrote Romeo and Juliet.
        Who wrote Pride and Prejudice | Jane Austen wrote Pride and Prejudice.
        Who wrote the Harry Potter books | Joanne Rowling wrote the Harry Potter books.
        Who wrote Oliver Twist | Charles Dickens wrote Oliver Twist.
        Which composer wrote The Magic Flute | Mozart wrote The Magic Flute.
        Who composed The Four Seasons | Antonio Vivaldi composed The Four Seasons.
        Who was the first president of the United States | George Washington was the first president of the United States.
        Who discovered penicillin | Alexander Fleming discovered penicillin.
        Who invented the telephone | Alexander Graham Bell invented the telephone.
        Who came up with the theory of relativity | Albert Einstein came up with the theory of relativity.
        Who discovered gravity when an apple fell | Isaac Newton, so the story goes.
        Who developed the theory of evolution | Charles Darwin developed the theory of evolution.
        When did the Second World War end | The Second World War ended in 1945.
        When did the First World War begin | The First World War began in 1914.
        Which year did Columbus reach America | Columbus reached America in 1492.
        In which century was the French Revolution | The French Revolution was in the eighteenth century.
        Who was Cleopatra | Cleopatra was a queen of Egypt.
        Who was Napoleon | Napoleon was a French general who became emperor.
        Who was Gandhi | Gandhi led India's peaceful struggle for independence.
        Who was Marie Curie | Marie Curie was a scientist who studied radioactivity.
        What's the Roman god of war called | The Roman god of war is Mars.
        Who is the king of the Greek gods | Zeus is the king of the Greek gods.
        What's the holy book of Islam | The holy book of Islam is the Quran.
        Which country gave the world sushi | Sushi comes from Japan.
        Which country does pizza come from | Pizza comes from Italy.
        What's cheese made from | Cheese is made from milk.
        What's wine made from | Wine is made from grapes.
        What's bread made from | Bread is made from flour, water, salt and yeast.
        What's chocolate made from | Chocolate is made from cocoa beans.
        What's the capital of Italy | The capital of Italy is Rome.
        What's the capital of Japan | The capital of Japan is Tokyo.
        What's the capital of China | The capital of China is Beijing.
        What's the capital of Norway | The capital of Norway is Oslo.
        What's the capital of Poland | The capital of Poland is Warsaw.
        What's the capital of Australia | The capital of Australia is Canberra.
        What's the capital of Argentina | The capital of Argentina is Buenos Aires.
        What's the capital of Kenya | The capital of Kenya is Nairobi.
        Which country has Budapest as its capital | Budapest is the capital of Hungary.
        Which country has Stockholm as its capital | Stockholm is the capital of Sweden.
        In which country is Barcelona | Barcelona is in Spain.
        In which country is Venice | Venice is in Italy.
        Which river flows through Paris | The Seine flows through Paris.
        Which sea lies between Europe and Africa | The Mediterranean Sea lies between Europe and Africa.
        Which mountains lie between France and Spain | The Pyrenees lie between France and Spain.
        Which continent is the largest | The largest continent is Asia.
        Which continent is the coldest | The coldest continent is Antarctica.
        Which country lies north of the United States | Canada lies north of the United States.
        Which language do people speak in Egypt | People in Egypt speak Arabic.
        What do you pay with in India | In India you pay in rupees.
        Who invented dynamite | Alfred Nobel invented dynamite.
        Who is known for the light bulb | Thomas Edison is known for the light bulb.
        Who flew the first plane with an engine | The Wright brothers flew the first plane with an engine.
        Who printed the first books in Europe with metal type | Johannes Gutenberg printed books with metal type.
        Who composed Swan Lake | Tchaikovsky composed Swan Lake.
        Who wrote Don Quixote | Miguel de Cervantes wrote Don Quixote.
        Who wrote War and Peace | Leo Tolstoy wrote War and Peace.
        Who wrote Alice in Wonderland | Lewis Carroll wrote Alice in Wonderland.
        Who wrote Robinson Crusoe | Daniel Defoe wrote Robinson Crusoe.
        Who painted Guernica | Pablo Picasso painted Guernica.
        Which city did the Beatles come from | The Beatles came from Liverpool.
        """)

    static let living = Bank.lines(
        """
        What do cows eat | Cows eat grass.
        What do pandas eat | Pandas eat bamboo.
        What do rabbits like to eat | Rabbits eat grass, hay and vegetables.
        What do lions hunt | Lions hunt animals like zebras and antelopes.
        What do birds eat | Birds eat seeds, berries, insects and worms.
        What do bees make | Bees make honey.
        What do silkworms make | Silkworms make silk.
        Which animal gives us wool | Sheep give us wool.
        What's a baby dog called | A baby dog is called a puppy.
        What's a baby cat called | A baby cat is called a kitten.
        What's a young cow called | A young cow is called a calf.
        What's a young horse called | A young horse is called a foal.
        What does a tadpole turn into | A tadpole turns into a frog.
        How many legs has a spider got | A spider has eight legs.
        How many legs does an insect have | An insect has six legs.
        How many wings has a bird | A bird has two wings.
        What's the tallest animal | The tallest animal is the giraffe.
        Which animal runs fastest | The fastest land animal is the cheetah.
        What's the largest land animal | The largest land animal is the elephant.
        Is an elephant heavier than a horse | An elephant is much heavier than a horse.
        Is a mouse smaller than a rat | Yes, a mouse is smaller than a rat.
        Which bird can't fly but swims well | The penguin can't fly but swims well.
        Which animal has a trunk | The elephant has a trunk.
        Which animal has a pouch for its young | The kangaroo carries its young in a pouch.
        Where do polar bears live | Polar bears live in the Arctic.
        Where do camels live | Camels live in deserts.
        Where do kangaroos come from | Kangaroos come from Australia.
        What colour is a flamingo | A flamingo is pink.
        What colour are leaves in summer | Leaves are green in summer.
        What do plants need to grow | Plants need light, water and air to grow.
        What gas do we breathe in to live | We breathe in oxygen.
        What gas do plants take in | Plants take in carbon dioxide.
        Where do apples grow | Apples grow on trees.
        Where do potatoes grow | Potatoes grow under the ground.
        What fruit is yellow and curved | A banana is yellow and curved.
        What pumps the blood through the body | The heart pumps blood through the body.
        What do we breathe with | We breathe with our lungs.
        What do we hear with | We hear with our ears.
        What are teeth for | Teeth are for biting and chewing food.
        How many fingers are on two hands | There are ten fingers on two hands.
        What organ do we think with | We think with the brain.
        What holds the body up | The skeleton holds the body up.
        Which sense uses the nose | The nose is for the sense of smell.
        What's the normal temperature of the body | The normal body temperature is about 37 degrees Celsius.
        What should I do about a sore throat | Drink warm tea with honey and rest your voice.
        What helps with a cough | Warm drinks and honey help with a cough.
        What helps against sunburn | Cool water, aloe and staying out of the sun help against sunburn.
        What can I do for a sore back | Move gently, keep it warm, and avoid lifting heavy things.
        What's good for an upset stomach | Water, rest and plain food like rice or toast.
        How do I stop a nosebleed | Sit up, lean forward, and pinch your nose for ten minutes.
        What should I do when I feel dizzy | Sit or lie down and drink some water.
        How often should I brush my teeth | Brush your teeth twice a day.
        Why should I eat vegetables | Vegetables give you vitamins, minerals and fibre.
        Why is exercise healthy | Exercise keeps your heart, muscles and mind strong.
        What's a healthy breakfast | A healthy breakfast is oats with fruit and yoghurt.
        What do koalas eat | Koalas eat eucalyptus leaves.
        What do horses eat | Horses eat grass, hay and oats.
        What do squirrels eat | Squirrels eat nuts and seeds.
        What do owls hunt | Owls hunt mice and other small animals at night.
        What's a young sheep called | A young sheep is called a lamb.
        What's a young goat called | A young goat is called a kid.
        What's a young duck called | A young duck is called a duckling.
        What's a young bear called | A young bear is called a cub.
        How many legs has a dog got | A dog has four legs.
        How many arms has an octopus | An octopus has eight arms.
        Which animal builds dams | The beaver builds dams.
        Which animal has black and white stripes | The zebra has black and white stripes.
        Which bird can copy words | The parrot can copy words.
        Which animal barks | The dog barks.
        Is a bat a bird | No, a bat is a mammal.
        Is a spider an insect | No, a spider isn't an insect, it has eight legs.
        What covers the outside of the body | Skin covers the outside of the body.
        What do the kidneys do | The kidneys clean the blood.
        What does the stomach do | The stomach breaks down food.
        What do we taste with | We taste with the tongue.
        How many lungs do we have | We have two lungs.
        How many toes are on two feet | There are ten toes on two feet.
        What's the longest bone in the body | The longest bone in the body is the thigh bone.
        Which joint is in the middle of the arm | The elbow is in the middle of the arm.
        What joins the hand to the arm | The wrist joins the hand to the arm.
        What carries oxygen through the body | The blood carries oxygen through the body.
        """)

    static let things = Bank.lines(
        """
        How many days are in a week | There are seven days in a week.
        How many months has a year | A year has twelve months.
        How many days does a year have | A year has 365 days, and a leap year has 366.
        How many hours are in a day | There are 24 hours in a day.
        How many minutes does an hour have | An hour has sixty minutes.
        How many seconds are in a minute | There are sixty seconds in a minute.
        How many years is a century | A century is one hundred years.
        How many years is a decade | A decade is ten years.
        How many centimetres are in a metre | There are one hundred centimetres in a metre.
        How many metres are in a kilometre | There are one thousand metres in a kilometre.
        How many grams does a kilogram have | A kilogram has one thousand grams.
        How many sides does a triangle have | A triangle has three sides.
        How many sides does a square have | A square has four sides.
        How many corners does a cube have | A cube has eight corners.
        How many letters are in the alphabet | There are 26 letters in the English alphabet.
        How many vowels are there in English | There are five vowels, A, E, I, O and U.
        How many strings are on a guitar | A guitar has six strings.
        How many strings has a violin | A violin has four strings.
        How many wheels does a bicycle have | A bicycle has two wheels.
        How many players has a football team | A football team has eleven players.
        How many cards are in a deck | There are 52 cards in a deck.
        How many squares are on a chessboard | A chessboard has 64 squares.
        How many continents are there | There are seven continents.
        How many planets circle the sun | Eight planets circle the sun.
        Which month comes after March | April comes after March.
        Which month comes before December | November comes before December.
        Which day comes after Sunday | Monday comes after Sunday.
        Which season comes after winter | Spring comes after winter.
        What's the opposite of hot | The opposite of hot is cold.
        What's the opposite of early | The opposite of early is late.
        What's the opposite of brave | The opposite of brave is cowardly.
        What's the opposite of empty | The opposite of empty is full.
        What's another word for happy | Another word for happy is glad.
        What's another word for big | Another word for big is large.
        Is it childs or children | It's children, one child and two children.
        What's the past tense of go | The past tense of go is went.
        What rhymes with house | Mouse rhymes with house.
        What rhymes with night | Light rhymes with night.
        What's the first letter of the alphabet | The first letter of the alphabet is A.
        What colour do you get from blue and yellow | Blue and yellow make green.
        What colour do red and white make | Red and white make pink.
        What colour is the sky on a clear day | The sky is blue on a clear day.
        What colour is snow | Snow is white.
        What is ice made of | Ice is frozen water.
        When does water turn to ice | Water freezes at zero degrees Celsius.
        What is steam | Steam is water that has turned into gas.
        What's water made of | Water is made of hydrogen and oxygen.
        What's the chemical formula of water | The chemical formula of water is H2O.
        Which element has the symbol O | O is the symbol of oxygen.
        Which metal is liquid at room temperature | Mercury is liquid at room temperature.
        Which metal do magnets pull | Magnets pull iron.
        What's glass made from | Glass is made from sand.
        What's paper made from | Paper is made from wood.
        What's the nearest star to us | The nearest star to us is the sun.
        Which planet do we live on | We live on planet Earth.
        Which planet is known as the red one | Mars is known as the red planet.
        Which is the closest planet to the sun | Mercury is the closest planet to the sun.
        What goes around the earth at night | The moon goes around the earth.
        Where does the sun come up | The sun rises in the east.
        Where does the sun go down | The sun sets in the west.
        What causes rain | Water vapour cools in the clouds and falls as rain.
        What makes thunder | Lightning heats the air so fast that it booms.
        What is a rainbow | A rainbow is sunlight split into colours by raindrops.
        What's a thermometer for | A thermometer measures temperature.
        What does a clock measure | A clock measures time.
        What's an umbrella for | An umbrella keeps you dry in the rain.
        What do you cut paper with | You cut paper with scissors.
        What does a baker do | A baker makes bread and cakes.
        What does a firefighter do | A firefighter puts out fires and rescues people.
        What does a pilot do | A pilot flies planes.
        Where do you borrow books | You borrow books from a library.
        Where do people go by train | People go by train from one station to another.
        What do you need to make an omelette | You need eggs, a little butter and a pan.
        How long should I boil an egg | Boil an egg for about ten minutes if you want it hard.
        What goes well with tomatoes | Basil, garlic and cheese go well with tomatoes.
        What can I put on toast | Butter, jam, cheese or honey are good on toast.
        What should I wear when it snows | Wear a warm coat, a hat, gloves and boots.
        What's a good hobby for winter | Reading, knitting and baking are good hobbies for winter.
        What's a good name for a dog | Buddy is a good name for a dog.
        What game can two people play | Two people can play chess or cards.
        Which piece is most important in chess | The king is the most important piece in chess.
        Which sport uses a racket | Tennis uses a racket.
        Where do people ski | People ski on snowy mountains.
        What's six times eight | Six times eight is forty-eight.
        What's seven times six | Seven times six is forty-two.
        What's five times nine | Five times nine is forty-five.
        What's twelve plus nine | Twelve plus nine is twenty-one.
        What's twenty minus seven | Twenty minus seven is thirteen.
        What's half of ninety | Half of ninety is forty-five.
        What's a third of sixty | A third of sixty is twenty.
        What's double thirty-five | Double thirty-five is seventy.
        How many is a dozen | A dozen is twelve.
        How many minutes are in two hours | There are 120 minutes in two hours.
        How many weeks has a year | A year has fifty-two weeks.
        What's the opposite of heavy | The opposite of heavy is light.
        What's the opposite of loud | The opposite of loud is quiet.
        What's the opposite of wide | The opposite of wide is narrow.
        What's the opposite of rich | The opposite of rich is poor.
        What's the plural of foot | The plural of foot is feet.
        What's the plural of goose | The plural of goose is geese.
        What's the plural of leaf | The plural of leaf is leaves.
        What's another word for fast | Another word for fast is quick.
        What's another word for silent | Another word for silent is quiet.
        What's the past tense of eat | The past tense of eat is ate.
        What's the past tense of see | The past tense of see is saw.
        What rhymes with moon | Spoon rhymes with moon.
        Which month comes after June | July comes after June.
        Which month is the shortest | The shortest month is February.
        Which day comes before Wednesday | Tuesday comes before Wednesday.
        In which month is Christmas | Christmas is in December.
        What are candles made of | Candles are made of wax.
        What are bricks made of | Bricks are made of clay.
        What are tyres made of | Tyres are made of rubber.
        What's leather made from | Leather is made from animal skin.
        What's flour made from | Flour is made from grain.
        What's butter made from | Butter is made from cream.
        How many strings has a cello | A cello has four strings.
        What do you hit with sticks to make music | You hit a drum with sticks.
        Which planet is the biggest | The biggest planet is Jupiter.
        """)
}
