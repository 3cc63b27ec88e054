const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Domains that are seldom the names of columns: with one of these a dotted word is an address, wherever it stands. */
export const sureDomains: ReadonlySet<string> = words(
  'com net org edu gov mil io co app dev ai gg xyz online club vip icu cc tv ru cn su tk ml ga cf gq pw biz zip mov cloud ' +
    'website tech shop store digital agency finance uk eu de fr nl ch br jp kr au ca',
);

/** Domains that are words as well (IANA's list, the ones that anybody may register in): an address where a path follows, or in quotes. */
export const wordDomains: ReadonlySet<string> = words(
  'academy accountant accountants actor adult apartments archi art arpa asia associates attorney auction audio auto autos baby ' +
    'band bank bar bargains beauty beer best bet bid bike bingo bio black blog blue boats bond bot boutique broker build ' +
    'builders business buzz cab cafe cam camera camp capital car cards care career careers cars casa cash casino cat catering ' +
    'center ceo charity chat cheap christmas church city claims cleaning click clinic clothing coach codes coffee college ' +
    'community company computer condos construction consulting contact contractors cooking cool coop country coupons courses ' +
    'credit creditcard cricket cruises cyou dance date dating day deal deals degree delivery democrat dental dentist desi ' +
    'design diamonds diet direct directory discount doctor dog domains download earth eco education email energy engineer ' +
    'engineering enterprises equipment esq estate events exchange expert exposed express fail faith family fan fans farm ' +
    'fashion feedback film financial fish fishing fit fitness flights florist flowers foo football forex forsale forum ' +
    'foundation free fun fund furniture futbol fyi gallery game games garden gay gift gifts gives glass global gmbh gold golf ' +
    'graphics gratis green gripe group guide guitars guru hair haus health healthcare help hiphop hockey holdings holiday ' +
    'homes horse hospital host hosting hot house how immo immobilien inc industries info ing ink institute insure int ' +
    'international investments irish jetzt jewelry jobs juegos kaufen kids kim kitchen kiwi land lat law lawyer lease legal ' +
    'lgbt life lighting limited limo link live living llc loan loans locker lol london lotto love ltd luxe luxury maison ' +
    'makeup management map market marketing markets mba me media meme memorial men menu miami mobi moda moe mom money monster ' +
    'mortgage motorcycles movie museum music name navy network news new ngo ninja nyc observer okinawa one onl ooo ' +
    'organic page paris parts party pay pet pharmacy phd photo photography photos pics pictures pink pizza place plumbing ' +
    'plus poker porn post press pro productions prof promo properties property pub qpon quest racing realestate recipes red ' +
    'rehab reise reisen rent rentals repair report republican rest restaurant review reviews rich rip rocks rodeo rsvp rugby ' +
    'run sale salon sarl save school schule science secure security select services sex sexy shoes shopping show singles ' +
    'site ski skin soccer social software solar solutions soy space spa spot srl storage stream studio study style sucks ' +
    'supplies supply support surf surgery systems talk tattoo tax taxi team technology tel tennis theater tickets tienda tips ' +
    'tires today tokyo tools top tours town toys trade trading training travel tube university uno vacations vegas ventures vet ' +
    'viajes video villas vin vision vodka vote voto voyage watch watches wedding wiki win wine work works world wtf yachts ' +
    'yoga you zone',
);
