/// What people ask a friend who knows things, with answers as she gives them: ways to ask, separated by `/`, then `|` and
/// the answer.
enum KnowledgeBank {
    static let all = nature + bodyAndMind + earthAndSky + machines

    static let nature = Bank.lines(
        """
        Why do cats purr / How come cats purr when you stroke them | Mostly because they are content, but they also purr to calm themselves when they are hurt or afraid.
        How do bees find their way home | They steer by the sun and by landmarks they have learned, even on cloudy days.
        Can penguins fly | No, their wings have turned into flippers, so they fly through water instead.
        Which animal sleeps the longest / What animal sleeps most of the day | The koala comes close to the top, it dozes around twenty hours a day.
        Do fish sleep | They rest rather than sleep, slowing down with their eyes wide open because they have no eyelids.
        Why do leaves turn yellow in autumn / Why do leaves change colour in the fall | Trees pull the green out of them before winter, and the yellow that was there all along shows through.
        How old can a tortoise get | Giant tortoises often pass a hundred, and one on Saint Helena is thought to be over one hundred and ninety.
        Is a cucumber a fruit | Yes, to a botanist it is a berry, though cooks treat it as a vegetable.
        What do hedgehogs eat | Beetles, caterpillars, worms and slugs mostly, which makes them good guests in a garden.
        Why do geese fly in a V | Each bird rides the lift from the one ahead, so the flock saves a lot of energy.
        Can dogs see colour | They do, but mostly blues and yellows, so red looks brownish grey to them.
        How many hearts does an octopus have | Three, two for the gills and one for the rest of the body.
        What is the fastest bird | The peregrine falcon, which dives at more than three hundred kilometres an hour.
        Do owls really turn their heads all the way round | Not all the way, but about three quarters of a turn in either direction.
        Why does cut grass smell so strong | That smell is a distress signal, the grass releases it when its blades are injured.
        Are bananas berries | Yes, botanically a banana is a berry, while a strawberry isn't one.
        How do chameleons change colour | They stretch tiny crystals in their skin, which changes the light it reflects.
        What's the biggest animal that ever lived / Which animal is the largest of all time | The blue whale, bigger than any dinosaur we know of, up to about thirty metres long.
        How do spiders not stick to their own webs | Only some threads are sticky, and they walk on the dry ones with light, hairy feet.
        Why do mosquitoes like some people more | They follow breath, warmth and the scent of skin, and some skin simply smells better to them.
        Do plants feel pain | As far as anyone can tell they don't, they react to damage but have no nerves or brain.
        Which flowers are good for bees | Lavender, borage, thyme and anything that blooms in a long row of small cups.
        How long do butterflies live | Most live only two to four weeks, though monarchs that migrate manage many months.
        What makes a mushroom not a plant | It doesn't live on sunlight, it feeds on other matter, so it belongs to the fungi.
        Why do dogs tilt their heads | Partly to hear where a sound comes from, and partly because we find it charming and reward it.
        Do bats really see badly | No, they see fairly well, they just rely on echoes in the dark.
        How fast does bamboo grow | Some kinds grow close to a metre in a single day.
        What is a group of crows called | A murder, which is a harsh word for such clever birds.
        Why do flamingos stand on one leg | It costs them almost no effort, their leg locks, and it may keep them warmer.
        Can snails regrow their shells | They can mend cracks and holes, but not a shell that is completely crushed.
        How do salmon find the river where they were born | They remember its smell, and out at sea they use the earth's magnetism.
        What do squirrels do in winter | Tree squirrels stay awake and live off the nuts they buried in autumn.
        Is a whale a fish | No, it's a mammal, it breathes air and gives milk to its young.
        How long can a camel go without water | About two weeks in the heat, and longer when it can graze on green plants.
        Why do zebras have stripes | Most likely to confuse biting flies, which land far less often on stripes.
        Are coconuts nuts | Not really, they are a kind of stone fruit, like a very large cousin of a peach.
        How do ants carry so much | They're so small that their muscles are strong for their weight.
        What do worms do for the soil | They loosen it and turn dead leaves into food for plants.
        Can cats taste sweet things | No, they lack the sense for it.
        How do trees drink | Water evaporates from the leaves and pulls more up from the roots.
        Which bird lays the largest egg | The ostrich, one egg equals about two dozen hen's eggs.
        Why do wolves howl | To find each other, to gather, and to tell strangers to keep away.
        How do fireflies glow | A chemical in their belly reacts with air and gives cold light.
        What's the difference between a frog and a toad | Frogs are smooth and jump, toads are warty and walk.
        """)

    static let bodyAndMind = Bank.lines(
        """
        Why do we yawn | Nobody is quite sure, but it seems to cool the brain and wake it up a little.
        How much sleep does a grown-up need / How many hours should an adult sleep | Seven to nine hours for most people, and regular times matter as much as the number.
        What causes hiccups | The muscle under your lungs cramps, and your vocal cords snap shut each time.
        Why do onions make you cry | Cutting them frees a gas that stings your eyes, and a sharp, cold onion stings less.
        Does cracking your knuckles cause arthritis | No, studies found no link, it's only gas popping in the joint.
        How many bones are in the body | Two hundred and six in an adult, while a baby starts with nearly three hundred.
        What's the biggest organ we have | Your skin, it covers about two square metres.
        Why do we get goosebumps | It's left over from furry ancestors, whose hair stood up to keep warm or look big.
        Is it bad to skip breakfast | Not for everyone, what matters more is what you eat over the whole day.
        How much water should I drink a day | Around a litre and a half to two for most people, more in heat or when you're moving.
        Why does my foot fall asleep | You've pressed on a nerve for too long, and the tingling is it waking up again.
        What is a normal resting pulse | Between sixty and a hundred beats a minute, and often lower if you train.
        What do vitamins actually do | They help your body run its chemistry, and it can't make most of them itself.
        Why can't you tickle yourself | Your brain predicts your own touch and turns the feeling down.
        How long does caffeine last | About half of it is still in you five or six hours later.
        Is napping good for you | A short one is, around twenty minutes, any longer and you may wake up groggy.
        Why do ears pop on a plane | The air pressure changes faster than your ears can follow, and swallowing evens it out.
        What's the difference between a cold and the flu | Flu comes on suddenly with fever and aches, a cold creeps up with a runny nose.
        Do we really use only ten percent of our brain | No, that's a myth, nearly all of it is busy, even while you sleep.
        Why do we dream | There are only theories, the best is that the brain is sorting the day's memories and feelings.
        How fast do nails grow | Fingernails grow about three millimetres a month, toenails far slower.
        What does salt do to the body | A little keeps nerves and muscles working, too much pushes your blood pressure up.
        Why do I get brain freeze | Something cold hits the roof of your mouth, the blood vessels there jump, and your forehead feels it.
        Does chocolate really make people happy | A bit, it holds mild stimulants, but most of it is simply the pleasure of eating it.
        Why do muscles hurt the day after sport | Tiny tears heal overnight, and the healing is what you feel.
        How long can someone hold their breath | Most of us manage a minute or so, trained divers more than ten.
        Is cold water bad after a meal | No, it's harmless, your stomach warms it in no time.
        What is jet lag | Your inner clock is still at home, and it moves by only about an hour a day.
        Why does stress give me a stomach ache | Your gut has its own net of nerves, and it listens closely to the brain.
        Are carrots good for the eyes | They bring vitamin A, which eyes need, but more carrots won't sharpen healthy eyes.
        What blood type can give to everyone | O negative, which is why hospitals are always short of it.
        How much of us is water | Roughly sixty percent in an adult.
        Why do old people get up so early | The inner clock runs earlier with age, and sleep gets lighter.
        Does reading in dim light ruin your eyes | It tires them but does no lasting harm.
        What helps against a sore throat | Warm drinks, honey, rest, and a doctor if it lasts more than a week.
        Is walking enough exercise | A brisk half hour most days does a great deal for heart and mood.
        Why do we blush | Blood rushes to the face when we feel seen, and nobody can do it on purpose.
        How long does a broken bone take to heal | Six to eight weeks for most of them.
        Why does the voice crack in teenagers | The vocal cords grow quickly, and steering them takes practice.
        Can you catch a cold from being cold | Not by itself, you need the virus, but chilled noses let it in more easily.
        Why do feet swell on long flights | Sitting still lets the blood pool, so walk the aisle now and then.
        What are growing pains | Aches in children's legs at evening, harmless and gone by morning.
        """)

    static let earthAndSky = Bank.lines(
        """
        Why is the sea salty | Rivers wash salt out of rocks, and when seawater evaporates the salt stays behind.
        What causes thunder | Lightning heats the air so suddenly that it bursts outward, and that is the bang.
        How far away is the moon | About three hundred and eighty-four thousand kilometres on average.
        How long does sunlight take to reach us | A little more than eight minutes.
        Why do we have seasons | The earth leans over, so each half gets more sun for one part of the year.
        What is the tallest mountain in the world | Everest, at about eight thousand eight hundred and fifty metres.
        Which planet has the most moons | Saturn, with well over a hundred that we know of.
        What's the driest place on earth | Parts of Antarctica, where it has hardly rained for ages, and after that the Atacama desert.
        Why is the sky blue in the day and red at sunset | Air scatters blue light the most, and at sunset the light has come so far that mostly red is left.
        How are diamonds made | Deep in the earth, where great heat and pressure press carbon into crystal.
        What is an eclipse of the sun | The moon slides between us and the sun, and its shadow falls on us.
        How deep is the ocean | Nearly four kilometres on average, and almost eleven at its deepest.
        What makes the tides | Mostly the moon, its pull heaps up the sea on both sides of the earth.
        Is Pluto still a planet | It has been called a dwarf planet since two thousand and six.
        How hot is lava | Usually between seven hundred and twelve hundred degrees Celsius.
        Why does ice float | Water spreads out when it freezes, so ice is lighter than the water around it.
        What is a shooting star | A crumb of space dust that burns up in our air.
        Which river is the longest | The Nile by most counts, though the Amazon runs it very close.
        How many oceans are there | Five, if you count the Southern Ocean around Antarctica.
        Why is Mars red | Its dust is full of rusted iron.
        What's at the centre of the earth | A ball of iron and nickel, nearly as hot as the surface of the sun.
        Do all snowflakes look different | As good as, each one grows on its own path through the cloud.
        How does a rainbow come about | Raindrops bend sunlight and fan it out, with the sun behind you and the rain in front.
        Where does the wind come from | Sun warms some places more than others, and air rushes in to even it out.
        What is the biggest desert | Antarctica if you count cold ones, otherwise the Sahara.
        How old is the earth | About four and a half billion years.
        Why does it smell so good after rain | Soil and plants give off oils and a scent made by tiny bacteria when drops hit dry ground.
        What is fog | A cloud that lies on the ground.
        Could we live on the moon | Only in sealed shelters, there's no air, and it swings from boiling to freezing.
        What is the largest island | Greenland, unless you count Australia, which is a continent.
        How big is the sun compared to us | You could line up a hundred and nine earths across it.
        Is there sound in space | No, there's no air to carry it.
        What makes a volcano erupt | Melted rock full of gas rises until the pressure breaks its way out.
        Why is the Dead Sea called that | It's so salty that hardly anything can live in it.
        How does a compass know where north is | The earth is a great magnet, and the needle lines up with it.
        What are the northern lights | Particles from the sun strike the upper air and make it glow.
        What is permafrost | Ground that stays frozen for years, all over the far north.
        How fast does the earth turn | At the equator about sixteen hundred kilometres an hour.
        What is the Milky Way | Our own galaxy, seen from inside as a pale band of stars.
        Why are there craters on the moon | Rocks hit it, and no wind or rain ever wipes the marks away.
        Which lake is the deepest | Lake Baikal in Siberia, more than sixteen hundred metres.
        What is an oasis | A place in the desert where water reaches the surface.
        """)

    static let machines = Bank.lines(
        """
        How does a microwave heat food | It makes the water in the food jiggle, and that jiggling is heat.
        Who invented the telephone | Alexander Graham Bell got the patent in eighteen seventy-six, though others were close behind.
        How does a fridge get cold | A fluid evaporates inside and takes the heat with it, then gives it off at the back.
        What does GPS stand for | Global Positioning System, satellites that tell your phone the time so it can work out where it is.
        Why do planes stay up | The wings push air down, and that pushes the plane up.
        What is the cloud in computing | Just other people's computers that you use over the internet.
        How does noise cancelling work | The headphones listen to the noise and play its exact opposite, so the two cancel out.
        Is it bad to charge my phone overnight | Not very, modern phones stop by themselves, but a cool and half-full battery ages slower.
        What is inflation | Prices rise across the board, so the same money buys less.
        How does soap work | One end of it grabs grease and the other grabs water, so the dirt rinses off.
        What does an electric car do without an engine noise | Below a certain speed many of them play a soft hum so people can hear them.
        Who painted the Mona Lisa | Leonardo da Vinci, a little after fifteen hundred.
        When did the Berlin Wall come down | In November nineteen eighty-nine.
        Who wrote Pride and Prejudice | Jane Austen, and it came out in eighteen thirteen.
        What was the first film with sound | The Jazz Singer in nineteen twenty-seven is usually named as the first long one.
        Who built the pyramids | Paid Egyptian workers, not slaves as people used to think.
        When was the first heart transplant | In nineteen sixty-seven, in Cape Town.
        What language do they speak in Brazil | Portuguese, and their own warm kind of it.
        What currency does Japan use | The yen.
        Which country has the most people | India, which passed China in twenty twenty-three.
        What's the smallest country | Vatican City, you can cross it on foot in twenty minutes.
        What is the most spoken language | English if you count everyone, Mandarin if you count native speakers.
        Why is it called a sandwich | After the Earl of Sandwich, who is said to have eaten his meat between slices of bread while playing cards.
        Where do french fries come from | Most likely Belgium, and the Belgians will insist on it.
        How is chocolate made | Cocoa beans are fermented, roasted and ground, then mixed with sugar and often milk.
        What's the difference between jam and marmalade | Marmalade is made of citrus fruit, peel and all.
        How many strings does a violin have | Four.
        What instrument has the most keys | A pipe organ can have several keyboards, a piano has eighty-eight keys.
        Who was Marie Curie | A physicist and chemist who discovered radium and won two Nobel prizes.
        What did Gutenberg invent | Printing with movable metal type, in Europe at least, around fourteen fifty.
        Why are there sixty minutes in an hour | The Babylonians counted in sixties, and nobody ever changed it.
        What is a leap year for | The year is nearly six hours longer than its days, and an extra day catches up.
        What does a barometer measure | Air pressure, so a falling one often means bad weather.
        How does yeast make bread rise | It eats sugar and breathes out gas, which blows bubbles into the dough.
        What is bluetooth named after | A Danish king, Harald Bluetooth, who united his people.
        Why do we shake hands | Probably to show that the hand holds no weapon.
        What is stainless steel | Steel with chromium in it, which forms a skin that rust can't get through.
        Who came up with gravity | Newton described it, and Einstein later explained it as bent space.
        What is an algorithm | A recipe, a fixed list of steps that gets from a question to an answer.
        How do noise and sound differ | Noise is simply sound that somebody doesn't want.
        How does a zip work | A wedge pushes two rows of tiny teeth into each other.
        Who invented the wheel | Nobody knows, but potters in Mesopotamia used one more than five thousand years ago.
        What does a catalytic converter do | It turns most of the poison in exhaust into water and harmless gases.
        Why do stamps have teeth | So they could be torn from the sheet without scissors.
        Who wrote Frankenstein | Mary Shelley, when she was only eighteen.
        What was the Silk Road | A net of trade routes from China to the Mediterranean.
        When did the Titanic sink | In April nineteen twelve, on her first voyage.
        How does a thermos keep things warm | There's almost no air between its walls, so heat can't get across.
        Who was Nelson Mandela | The man who came out of prison to become South Africa's first freely elected president.
        What does a cello sound like | Close to a human voice, deep and a little sad.
        """)
}
