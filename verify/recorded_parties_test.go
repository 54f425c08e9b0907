package verify_test

// The tables below were worked out by hand from the recordings and the rules
// named with them, not from what the program makes. A "-" is an empty field.
// Addresses are "street lines; city; state; code; country" with a "/" between
// street lines; the figures of Accounts are as of 4 May 2026.

// recordedAccounts are the 18 customers that are companies (P1): CompanyName
// present, no FamilyName, or a DisplayName without the FamilyName. Their
// figures hold the documents of their jobs (P6, P33).
//
// id | name | phone | fax | website | invoice e-mail | billing | shipping | taxable | balance | overdue | oldest days | credits not applied | last payment
const recordedAccounts = `
1 | Test Customer Final | (650) 555-3311 | - | - | Birds@Intuit.com | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326 | yes | -261 | 839 | 810 | 1100 | 2026-05-05
2 | Bill's Windsurf Shop | (415) 444-6538 | - | - | Surf@Intuit.com | 12 Ocean Dr.; Half Moon Bay; CA; 94213 | - | no | -15 | 85 | 44 | 100 | 2026-05-05
3 | Cool Cars | (415) 555-9933 | - | - | Cool_Cars@intuit.com | 65 Ocean Dr.; Half Moon Bay; CA; 94213 | - | no | 0 | 0 | 0 | 0 | 2026-04-08
5 | Dukes Basketball Camp | (520) 420-5638 | - | - | Dukes_bball@intuit.com | 25 Court St.; Tucson; AZ; 85719 | 25 Court St.; Tucson; AZ; 85719 | yes | 0 | 0 | 0 | 0 | 2026-03-12
7 | Freeman Sporting Goods | (650) 555-0987 | (520) 555-7894 | http://sportinggoods.intuit.com | Sporting_goods@intuit.com | 370 Easy St.; Middlefield; CA; 94482 | 370 Easy St.; Middlefield; CA; 94482 | no | 562.5 | 85 | 44 | 0 | 2026-04-08
11 | Gevelber Photography | (415) 222-4345 | - | http://gevelberphotography.com | Photography@intuit.com | 1045 Main St.; Half Moon Bay; CA; 94213 | 1045 Main St.; Half Moon Bay; CA; 94213 | no | 0 | 0 | 0 | 0 | -
12 | Jeff's Jalopies | (650) 555-8989 | - | - | Jalopies@intuit.com | 12 Willow Rd.; Menlo Park; CA; 94305 | 12 Willow Rd.; Menlo Park; CA; 94305 | no | 81 | 81 | 18 | 0 | -
15 | Pye's Cakes | (973) 555-4652 | - | http://www.pyescakes.intuit.com | pyescakes@intuit.com | 350 Mountain View Dr.; South Orange; NJ; 07079 | 350 Mountain View Dr.; South Orange; NJ; 07079 | no | 0 | 0 | 0 | 0 | -
16 | Kookies by Kathy | (650) 555-7896 | - | - | qbwebsamplecompany@yahoo.com | 789 Sugar Lane; Middlefield; CA; 94303 | - | no | 75 | 75 | 45 | 0 | -
18 | Paulsen Medical Supplies | (650) 557-4569 | - | - | Medical@intuit.com | 900 Main St.; Middlefield; CA; 94303 | 38921 S. Boise Ave; Middlefield; CA; 94304 | no | 954.75 | 0 | 0 | 0 | -
19 | Rago Travel Agency | (650) 555-1596 | - | - | Rago_Travel@intuit.com | 753 Cedar St.; Bayshore; CA; 94326 | 753 Cedar St.; Bayshore; CA; 94326 | no | 0 | 0 | 0 | 0 | -
20 | Red Rock Diner | (650) 555-4973 | - | - | qbwebsamplecompany@yahoo.com | 500 Red Rock Rd.; Bayshore; CA; 94326 | 500 Red Rock Rd.; Bayshore; CA; 94326 | no | 226 | 156 | 65 | 0 | -
24 | Sonnenschein Family Store | (650) 557-8463 | - | - | Familiystore@intuit.com | 5647 Cypress Hill Ave.; Middlefield; CA; 94303 | 5647 Cypress Hill Ave.; Middlefield; CA; 94303 | no | 362.07 | 0 | 0 | 0 | -
25 | Sushi by Katsuyuki | (505) 570-0147 | - | - | Sushi@intuit.com | 898 Elm St.; Maplewood; NJ; 07040 | 898 Elm St.; Maplewood; NJ; 07040 | no | 160 | 80 | 5 | 0 | 2026-04-04
27 | Video Games by Dan | (650) 555-3456 | - | - | Videogames@intuit.com | 202 Main St.; Tucson; AZ; 85704 | 202 Main St.; Tucson; AZ; 85704 | no | 0 | 0 | 0 | 0 | -
28 | Wedding Planning by Whitney | (650) 557-2473 | - | http://www.dreamwedding.intuit.com | Dream_Wedding@intuit.com | 135 Broadway; Menlo Park; CA; 94304 | 135 Broadway; Menlo Park; CA; 94304 | no | 0 | 0 | 0 | 0 | -
29 | Weiskopf Consulting | (650) 555-1423 | - | - | Consulting@intuit.com | 45612 Main St.; Bayshore; CA; 94326 | 45612 Main St.; Bayshore; CA; 94326 | no | 375 | 0 | 0 | 0 | -
62 | Final Validation Customer | - | - | - | final@example.com | - | - | yes | 0 | 0 | 0 | 0 | -
`

// recordedBilling are their billing contacts (P1): the person part, to which
// phones and addresses do not belong.
//
// id | first | last | e-mail | account
const recordedBilling = `
1 | Amy | Lauterbach | Birds@Intuit.com | Test Customer Final
2 | Bill | Lucchini | Surf@Intuit.com | Bill's Windsurf Shop
3 | Grace | Pariente | Cool_Cars@intuit.com | Cool Cars
5 | Peter | Dukes | Dukes_bball@intuit.com | Dukes Basketball Camp
7 | Kirby | Freeman | Sporting_goods@intuit.com | Freeman Sporting Goods
11 | Lisa | Gevelber | Photography@intuit.com | Gevelber Photography
12 | Jeff | Chin | Jalopies@intuit.com | Jeff's Jalopies
15 | Karen | Pye | pyescakes@intuit.com | Pye's Cakes
16 | Kathy | Kuplis | qbwebsamplecompany@yahoo.com | Kookies by Kathy
18 | Kathy | Paulsen | Medical@intuit.com | Paulsen Medical Supplies
19 | Jeff | Rago | Rago_Travel@intuit.com | Rago Travel Agency
20 | Stephanie | Martini | qbwebsamplecompany@yahoo.com | Red Rock Diner
24 | Russ | Sonnenschein | Familiystore@intuit.com | Sonnenschein Family Store
25 | Katsuyuki | Yanagawa | Sushi@intuit.com | Sushi by Katsuyuki
27 | Dan | Wilks | Videogames@intuit.com | Video Games by Dan
28 | Whitney | Brewer | Dream_Wedding@intuit.com | Wedding Planning by Whitney
29 | Nicola | Weiskopf | Consulting@intuit.com | Weiskopf Consulting
62 | Final | Test | final@example.com | Final Validation Customer
`

// recordedContacts are the 12 private customers (P1).
//
// id | first | last | e-mail | phone | mobile | fax | mailing | other | balance
const recordedContacts = `
4 | Diego | Rodriguez | Diego@Rodriguez.com | (650) 555-4477 | - | - | 321 Channing; Palo Alto; CA; 94303 | - | 0
6 | Dylan | Sollfrank | - | - | - | - | - | - | 0
10 | Geeta | Kalapatapu | Geeta@Kalapatapu.com | (650) 555-0022 | - | - | 1987 Main St.; Middlefield; CA; 94303 | 1987 Main St.; Middlefield; CA; 94303 | 629.1
13 | John | Melton | John@Melton.com | (650) 555-5879 | - | - | 85 Pine St.; Menlo Park; CA; 94304 | 85 Pine St.; Menlo Park; CA; 94304 | 450
14 | Kate | Whelan | Kate@Whelan.com | (650) 554-8822 | - | - | 45 First St.; Menlo Park; CA; 94304; USA | 45 First St.; Menlo Park; CA; 94304; USA | 0
17 | Mark | Cho | Mark@Cho.com | (650) 554-1479 | - | - | 36 Willow Rd; Menlo Park; CA; 94304 | 36 Willow Rd; Menlo Park; CA; 94304 | 314.28
21 | Rondonuwu | and Vegi | Tony@Rondonuwu.com | (650) 555-2645 | - | - | 847 California Ave.; San Jose; CA; 95021 | 847 California Ave.; San Jose; CA; 95021 | 78.6
22 | Shara | Barnett | Shara@Barnett.com | (650) 555-4563 | - | - | 77 University; Palo Alto; CA; 94303 | 77 University; Palo Alto; CA; 94303 | 0
26 | Travis | Waldron | Travis@Waldron.com | (650) 557-9977 | - | - | 78 First St.; Monlo Park; CA; 94304 | 78 First St.; Monlo Park; CA; 94304 | 414.72
58 | Test | Customer | testcustomer@example.com | (555) 555-1234 | - | - | 123 Test Street; Mountain View; CA; 94042; USA | - | 0
59 | Test | Customer | testcustomer@example.com | (555) 555-1234 | - | - | 123 Test Street; Mountain View; CA; 94042; USA | - | 0
60 | Test | Customer | testcustomer@example.com | (555) 555-1234 | - | - | 123 Test Street; Mountain View; CA; 94042; USA | - | 0
`

// recordedVendors are all 35 vendors. By default only those on a purchase order
// in range come in (P13): the ones below in vendorsNeeded.
//
// id | name | phone | e-mail (the first of a list, P5) | website | address | balance
const recordedVendors = `
30 | Books by Bessie | (650) 555-7745 | Books@Intuit.com | http://www.booksbybessie.co | 15 Main St.; Palo Alto; CA; 94303 | 0
31 | Brosnahan Insurance Agency | (650) 555-9912 | - | http://BrosnahanInsuranceAgency.org | P.O. Box 5; Middlefield; CA; 94482 | 241.23
32 | Cal Telephone | (650) 555-1616 | - | - | 10 Main St.; Palo Alto; CA; 94303 | 0
33 | Chin's Gas and Oil | - | - | - | - | 0
34 | Cigna Health Care | (520) 555-9874 | - | - | - | 0
35 | Computers by Jenni | (650) 555-8721 | Msfixit@Intuit.com | - | 1515 Main St.; Middlefield; CA; 94482 | 0
36 | Diego's Road Warrior Bodyshop | - | - | - | - | 755
37 | EDD | - | - | - | - | 0
38 | Ellis Equipment Rental | (650) 555-3333 | Rental@intuit.com | http://rental.intuit.com | 45896 Main St.; Middlefield; CA; 94303; USA | 0
39 | Fidelity | - | - | - | - | 0
40 | Hall Properties | (973) 555-3827 | - | http://www.hallproperties.intuit.org | P.O.Box 357; South Orange; NJ; 07079 | 0
41 | Hicks Hardware | (650) 554-1973 | - | http://Hickshardware.co | 42 Main St.; Middlefield; CA; 94303 | 0
42 | Lee Advertising | (650) 554-4622 | - | - | 53 Main St.; Middlefield; CA; 94303 | 0
43 | Mahoney Mugs | - | - | - | - | 0
44 | Met Life Dental | - | - | - | - | 0
45 | National Eye Care | (800) 555-5555 | Nateyecare@intuit.com | http://www.nateyecare.intuit.com | 123 Anywhere Ave; Tucson; AZ; 85704 | 0
46 | Norton Lumber and Building Materials | (650) 363-6578 | Materials@intuit.com | - | 4528 Country Road; Middlefield; CA; 94303 | 205
47 | Pam Seitz | (650) 557-8855 | SeitzCPA@noemail.com | http://seitzcpas.intuit.com | P.O. Box 15; Bayshore; CA; 94326 | 0
48 | PG&E | (888) 555-9465 | utilities@noemail.com | - | 4 Main St.; Palo Alto; CA; 94303 | 86.44
49 | Robertson & Associates | (650) 557-1111 | - | - | P.O. Box 147; Bayshore; CA; 94326 | 315
50 | Tania's Nursery | (886) 554-2265 | plantqueen@taniasnursery.com | - | 1111 Elm St.; Middlefield; CA; 94482; USA | 0
51 | Tim Philip Masonry | (800) 556-1254 | tim.philip@timphilipmasonry.com | http://www.bricksbytim4less.co | 3948 Elm St.; Middlefield; CA; 94482 | 0
52 | Tony Rondonuwu | - | tonyrjr@intuit.com | - | - | 0
53 | United States Treasury | (888) 555-6454 | taxesaregreat@intuit.com | http://www.ustreasury.gov | 5568 Capital Drive; Tucson; AZ; 85718 | 0
56 | Bob's Burger Joint | - | - | - | - | 600
57 | Squeaky Kleen Car Wash | - | - | - | - | 0
61 | Final Test | - | - | - | - | 0
63 | Test Vendor | - | - | - | - | 0
64 | Test Vendor 1777975850 | - | - | - | - | 0
65 | Test Vendor 1777975861 | 555-1234 | test@example.com | - | 123 Main St; San Francisco; ; 94105; USA | 0
66 | Test Vendor 1777975981 | 555-1234 | test@example.com | - | 123 Main St; San Francisco; ; 94105; USA | 0
67 | Test Vendor 1777976101 | 555-1234 | test@example.com | - | 123 Main St; San Francisco; ; 94105; USA | 0
68 | Validation Test 1777976565 | 555-9876 | jane@test.com | https://testcorp.com | 456 Oak Ave; New York; ; 10001; USA | 0
69 | Test Vendor 1777976996 | 555-1234 | test@example.com | - | 123 Main St; San Francisco; ; 94105; USA | 0
70 | Final Test 1777977315 | 555-1111 | alice@wonderland.com | https://wonderland.com | 1 Rabbit Hole; Wonderland; ; 12345; USA | 0
`

// recordedItems are the 23 items. Inventory alone has a quantity and a start
// date (P10); As of Date stays empty.
//
// id | name | type | price | description | taxable | quantity | start date
const recordedItems = `
1 | Test Item Updated | Service | 0 | - | no | - | -
2 | Hours | Service | 0 | - | no | - | -
3 | Concrete | Service | 0 | Concrete for fountain installation | yes | - | -
4 | Design | Service | 75 | Custom Design | no | - | -
5 | Rock Fountain | Inventory | 275 | Rock Fountain | yes | 2 | 2026-04-08
6 | Gardening | Service | 0 | Weekly Gardening Service | no | - | -
7 | Installation | Service | 50 | Installation of landscape design | no | - | -
8 | Lighting | Service | 0 | Garden Lighting | yes | - | -
9 | Maintenance & Repair | Service | 0 | Maintenance & Repair | no | - | -
10 | Pest Control | Service | 35 | Pest Control Services | no | - | -
11 | Pump | Inventory | 15 | Fountain Pump | yes | 25 | 2026-04-08
12 | Refunds & Allowances | Service | 0 | Income due to refunds or allowances | no | - | -
13 | Rocks | Service | 0 | Garden Rocks | yes | - | -
14 | Sod | Service | 0 | Sod | yes | - | -
15 | Soil | Service | 10 | 2 cubic ft. bag | yes | - | -
16 | Sprinkler Heads | Inventory | 2 | Sprinkler Heads | yes | 25 | 2026-04-08
17 | Sprinkler Pipes | Inventory | 4 | Sprinkler Pipes | yes | 31 | 2026-04-08
18 | Trimming | Service | 35 | Tree and Shrub Trimming | no | - | -
19 | Test Service Item | Service | 0 | - | no | - | -
20 | Test Service Item 2026 | Service | 0 | - | no | - | -
21 | Test Service Item 2026 Unique 01 | Service | 0 | - | no | - | -
22 | Test Service Item 2026 Unique 02 | Service | 0 | - | no | - | -
23 | Test Service Item 2026 Unique 03 | Service | 0 | - | no | - | -
`
