/// Greetings, feasts, food and manners of many peoples.
enum CultureBank {
    static let all = greetings + feasts + tables

    static let greetings = Bank.lines(
        """
        How do you say hello in Kannada | Namaskara.
        How do I thank someone in Kannada | Dhanyavada is the formal word, and many simply say thanks.
        How do people greet each other in Tamil | Vanakkam, with the palms together if you like.
        What's good morning in Hindi | Suprabhat, though most people just say namaste.
        How do you say thank you in Japanese | Arigato, or arigato gozaimasu when you want to be polite.
        What do you say before eating in Japan | Itadakimasu, which means I humbly receive.
        How do you say cheers in German | Prost, and look them in the eyes when you say it.
        How do you greet in the south of Germany | Grüß Gott, or servus among friends.
        What's please in Polish | Proszę, and it also means you're welcome.
        How do Finns say thank you | Kiitos.
        What's good night in Italian | Buonanotte.
        What's hello in Swahili | Jambo to visitors, and habari among people who know each other.
        How do you say how are you in Yoruba | Bawo ni.
        How do you say welcome in Turkish | Hoş geldiniz, and the guest answers hoş bulduk.
        What's goodbye in Korean | Annyeonghi gaseyo to somebody who leaves, annyeonghi gyeseyo if you are the one leaving.
        How do you say hello in Telugu | Namaskaram.
        How do Portuguese people say thank you | Obrigado if you're a man, obrigada if you're a woman.
        What's happy birthday in Spanish | Feliz cumpleaños.
        How do you wish someone well in Hebrew | Mazal tov for good news, and shalom for hello and goodbye.
        What does assalamu alaikum mean | Peace be upon you, and the answer is wa alaikum assalam.
        What does aloha mean | Hello and goodbye, and love besides.
        How do you say thanks in Mandarin | Xièxie.
        How do you say excuse me in French | Excusez-moi, or pardon when you squeeze past.
        How do you say yes and no in Greek | Nai is yes and ochi is no, which confuses every visitor.
        What's good luck in Welsh | Pob lwc.
        How do Ukrainians say hello | Pryvit among friends, dobryi den when it's formal.
        How do I greet an elder in Vietnam | With a small bow and chào, followed by the right word for their age.
        What do Maori people say for hello | Kia ora.
        How do you say I love you in Marathi | Mi tujhyavar prem karto, or karte if a woman says it.
        What's see you tomorrow in Dutch | Tot morgen.
        """)

    static let feasts = Bank.lines(
        """
        What is Ugadi / When people celebrate Ugadi, what is it | New year in Karnataka and Andhra, in March or April, with neem and jaggery for the bitter and the sweet.
        What is Dasara in Mysore known for | Ten days of lights on the palace and a procession with a decorated elephant.
        What's Diwali about | Lamps against the dark, the victory of good, and a great many sweets.
        Why do people throw colours at Holi | It greets the spring and recalls Krishna teasing Radha with colours.
        What is Pongal | A Tamil harvest feast in January, named after the sweet rice that boils over for luck.
        What is Onam | Kerala's harvest festival, with flower carpets and a feast on a banana leaf.
        What do you do at Ganesh Chaturthi | Families bring home a clay Ganesha, feed him sweets, and later let him dissolve in water.
        What is Eid at the end of Ramadan | The feast that breaks the month of fasting, with prayers, visits and sweets.
        What's Hanukkah | Eight nights of candles for a temple lamp that burned longer than its oil.
        What happens at Passover | A long meal retells the flight from Egypt, with unleavened bread.
        What is Nowruz | Persian new year on the first day of spring, with a table of seven things that begin with the letter s.
        What is Lunar New Year | The new year by the moon, with red envelopes, family dinners and a great deal of noise.
        What do they eat at the Mid-Autumn Festival | Mooncakes, heavy and sweet, shared under the full moon.
        What is Midsummer in Sweden | The longest day, with a flower pole, herring and singing.
        What is Thanksgiving for | Americans give thanks for the harvest, mostly with turkey and family.
        What is Carnival in Rio | Days of samba parades before Lent, the biggest street party there is.
        What's the Day of the Dead | Mexicans set out flowers, bread and photos so the dead can visit.
        What is Saint Nicholas Day | On the sixth of December children in much of Europe find sweets in their shoes.
        What is Songkran | Thai new year in April, when everybody splashes everybody with water.
        What's Vesak | Buddhists remember the birth, enlightenment and death of the Buddha at the May full moon.
        What is Bonfire Night | On the fifth of November the British burn a straw Guy for a plot that failed in sixteen hundred and five.
        What is Obon | In August the Japanese welcome their ancestors with lanterns and dancing.
        What is Timkat | Ethiopia's feast of the baptism, with processions in white and blessed water.
        What is Raksha Bandhan | Sisters tie a thread on their brothers' wrists, and brothers promise to stand by them.
        What is Oktoberfest really | A Munich fair that began with a royal wedding in eighteen ten, and it mostly runs in September.
        What is Kannada Rajyotsava | On the first of November Karnataka celebrates its birth as a state, with its red and yellow flag.
        What is Baisakhi | The Punjabi harvest festival in April, and the founding day of the Khalsa for Sikhs.
        What is Chuseok | Korea's harvest holiday, when families honour their ancestors and eat rice cakes.
        What is Lohri | A winter bonfire festival in Punjab, with sesame, peanuts and singing.
        Why do the Irish celebrate Saint Patrick | He is the patron saint who is said to have brought Christianity to Ireland.
        """)

    static let tables = Bank.lines(
        """
        What's in bisi bele bath | Rice, lentils, vegetables and tamarind, cooked soft with a spice mix of its own.
        What is a masala dosa | A crisp rice and lentil pancake folded around spiced potatoes.
        What's ragi mudde | Steamed balls of finger millet that you dip in a spicy gravy and swallow without chewing.
        What is Mysore pak | A rich sweet of gram flour, sugar and a great deal of ghee.
        What's in a proper paella | Rice, saffron, and in Valencia rabbit, chicken and beans rather than seafood.
        What is kimchi | Fermented cabbage with chilli and garlic, sour, hot and alive.
        What's jollof rice | Rice cooked in spicy tomato, and West Africans argue happily over whose is best.
        What is injera | A soft, sour Ethiopian flatbread that is both plate and spoon.
        What's borscht | Beetroot soup with a spoon of sour cream.
        What are pierogi | Polish dumplings, often with potato and curd cheese, fried in butter.
        What's in hummus | Chickpeas, sesame paste, lemon, garlic and salt.
        What is miso | A salty paste of fermented soybeans, the heart of many Japanese soups.
        What is ceviche | Raw fish that lime juice makes firm and white, with onion and chilli.
        What's haggis made of | Sheep's innards, oatmeal and spices, and it's nicer than it sounds.
        What is tiramisu | Coffee-soaked biscuits with mascarpone cream and cocoa.
        What's poutine | Fries with cheese curds and gravy, Canada's answer to a cold night.
        What is mole | A dark Mexican sauce of chillies, nuts and a hint of chocolate.
        Is it rude to tip in Japan | It confuses people more than it pleases them, so better not.
        Do I take my shoes off in a Turkish home | Yes, and slippers usually appear like magic.
        Can I eat with my left hand in India | Better not, the right one is for eating.
        How many kisses do the French give for hello | Two in Paris, and up to four further south.
        Is it okay to be late for dinner in Germany | No, ten minutes early means walking around the block until it's time.
        What do I bring when I'm invited in Poland | Flowers in an odd number, and unwrap them first.
        How do I hold chopsticks politely | Never stand them upright in the rice, that belongs to funerals.
        Why do people in Bulgaria shake their heads for yes | It's simply the other way round there, nodding can mean no.
        What do I wear to an Indian wedding | Something bright, and neither plain black nor plain white.
        What should I not give as a gift in China | A clock, it sounds like the word for attending a funeral.
        What is filter coffee in Bangalore like | Strong, with chicory and hot milk, poured from a height until it froths.
        Why do Spaniards eat so late | Their clocks run an hour off the sun, and lunch is big and late as well.
        What is siesta | A rest in the hottest hours, shorter these days, but still loved.
        """)

    /// Said in other languages, and answered in the same.
    static let otherLanguages = Bank.lines(
        """
        Hola, ¿qué tal? | Muy bien, gracias, y me alegro de oírte.
        ¿Cuál es la capital de Perú? | Lima, a orillas del Pacífico.
        Cuéntame algo bonito | Hay flores que solo se abren de noche, para quien no puede dormir.
        Gracias, Annie | De nada.
        Bonjour, comment ça va ? | Très bien, merci, et ça fait plaisir de t'entendre.
        Quel est le plus long fleuve de France ? | La Loire, avec un peu plus de mille kilomètres.
        Je suis fatigué ce soir | Alors laisse le reste pour demain, la journée a assez duré.
        Bonne nuit | Bonne nuit, dors bien.
        Hallo, wie geht's dir? | Gut, danke, und schön, dich zu hören.
        Wie viele Bundesländer hat Deutschland? | Sechzehn.
        Mir ist langweilig | Dann ist das ein guter Tag für etwas Langsames, zum Beispiel Suppe kochen.
        Gute Nacht | Gute Nacht, schlaf gut.
        Ciao, come stai? | Bene, grazie, e che piacere sentirti.
        Chi ha dipinto la Cappella Sistina? | Michelangelo, quasi tutto da solo.
        Sono stanco morto | Allora il resto può aspettare, riposati.
        Olá, tudo bem? | Tudo bem, obrigada, é bom ouvir você.
        Qual é a capital da Austrália? | Camberra, embora muita gente pense em Sydney.
        Boa noite | Boa noite, durma bem.
        Hoi, hoe gaat het? | Goed, dank je, en fijn om je te horen.
        Namaste, kaise ho? | Main theek hoon, shukriya, aapki awaaz sunkar accha laga.
        """)
}
