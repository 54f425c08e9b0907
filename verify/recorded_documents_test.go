package verify_test

// Documents as they must stand in the CRM (spec sections 3.5 to 3.7, P18 to
// P23). A line that begins with * is a document, those below it are its rows:
//
//	product | quantity | list price | total | taxes | description
//
// Taxes are "rate percent amount", each amount rounded to cents as the CRM
// reckons it. "thanks" stands for thankYou.

// recordedInvoices are all 37: the oldest are open, the others young enough
// (P26). Of number 1029 the two tax rates come to a cent more on the rows than
// QuickBooks takes on the whole: that cent is the Adjustment (P18).
//
// id | number | date | due | status | account | contact | job | name | net | tax | total | balance | discount | adjustment |
// paid on | last payment | paid by | sent on | source estimate | terms | memo | billing | shipping
const recordedInvoices = `
* 9 | 1001 | 2026-04-05 | 2026-05-05 | Paid | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 8 | 108 | 0 | 0 | 0 | 2026-04-06 | 2026-04-06 | payment | - | - | Net 30 | thanks | Amy Lauterbach/Amy's Bird Sanctuary/4581 Finch St./Bayshore, CA  94326 | 4581 Finch St.; Bayshore; CA; 94326
  Gardening | 4 | 25 | 100 | California 8% 8 | Weekly Gardening Service
* 10 | 1002 | 2025-12-22 | 2026-01-21 | Paid | Bill's Windsurf Shop | Bill Lucchini | - | Bill's Windsurf Shop | 175 | 0 | 175 | 0 | 0 | 0 | 2026-01-12 | 2026-01-12 | payment | - | - | Net 30 | thanks | Bill Lucchini/Bill's Windsurf Shop/12 Ocean Dr./Half Moon Bay, CA  94213 | -
  Gardening | 4 | 35 | 140 | - | Weekly Gardening Service
  Pest Control | 1 | 35 | 35 | - | Pest Control Services
* 12 | 1004 | 2026-03-27 | 2026-04-26 | Paid | Cool Cars | Grace Pariente | - | Cool Cars | 2194 | 175.52 | 2369.52 | 0 | 0 | 0 | 2026-04-08 | 2026-04-08 | payment | - | - | Net 30 | thanks | Grace Pariente/Cool Cars/65 Ocean Dr./Half Moon Bay, CA  94213 | -
  Sprinkler Heads | 10 | 2 | 20 | California 8% 1.6 | Sprinkler Heads
  Sprinkler Pipes | 6 | 4 | 24 | California 8% 1.92 | Sprinkler Pipes
  Sod | 50 | 35 | 1750 | California 8% 140 | Sod
  Test Item Updated | 8 | 50 | 400 | California 8% 32 | Installation Hours
* 13 | 1005 | 2026-03-30 | 2026-04-29 | Overdue | Freeman Sporting Goods | Kirby Freeman | 55 Twin Lane | Freeman Sporting Goods | 50 | 4 | 54 | 4 | 0 | 0 | - | 2026-04-06 | payment | - | - | Net 30 | thanks | Amelia/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Gardening | 2 | 25 | 50 | California 8% 4 | Weekly Gardening Service
* 14 | 1006 | 2026-02-28 | 2026-03-30 | Paid | Freeman Sporting Goods | Kirby Freeman | 55 Twin Lane | Freeman Sporting Goods | 80 | 6.4 | 86.4 | 0 | 0 | 0 | 2026-03-14 | 2026-03-14 | payment | - | - | Net 30 | thanks | Amelia/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Gardening | 4 | 20 | 80 | California 8% 6.4 | Weekly Gardening Service
* 16 | 1007 | 2026-03-14 | 2026-04-13 | Overdue | - | John Melton | - | John Melton | 750 | 0 | 750 | 450 | 0 | 0 | - | 2026-04-06 | payment | - | - | Net 30 | thanks | John Melton/85 Pine St./Menlo Park, CA  94304 | 85 Pine St.; Menlo Park; CA; 94304
  Design | 10 | 75 | 750 | - | Custom Design
* 27 | 1009 | 2026-04-05 | 2026-05-05 | Paid | - | Travis Waldron | - | Travis Waldron | 103.55 | 0 | 103.55 | 0 | 0 | 0 | 2026-04-06 | 2026-04-06 | payment | - | - | Net 30 | thanks | Travis Waldron/78 First St./Monlo Park, CA  94304 | 78 First St.; Monlo Park; CA; 94304
  Test Item Updated | 1 | 103.55 | 103.55 | - | Lumber
* 34 | 1010 | 2026-04-06 | 2026-05-06 | Open | Weiskopf Consulting | Nicola Weiskopf | - | Weiskopf Consulting | 375 | 0 | 375 | 375 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Nicola Weiskopf/Weiskopf Consulting/45612 Main St./Bayshore, CA  94326 | 45612 Main St.; Bayshore; CA; 94326
  Design | 5 | 75 | 375 | - | Custom Design
* 39 | 1012 | 2026-03-25 | 2026-04-24 | Overdue | - | Shara Barnett | Barnett Design | Shara Barnett | 274.5 | 0 | 274.5 | 274.5 | 30.5 | 0 | - | - | - | - | - | Net 30 | thanks | Shara Barnett/Barnett Design/19 Main St./Middlefield, CA  94303 | 19 Main St.; Middlefield; CA; 94303
  Sprinkler Heads | 15 | 2 | 30 | - | Sprinkler Heads
  Rock Fountain | 1 | 275 | 275 | - | Rock Fountain
* 42 | 1013 | 2026-03-27 | 2026-04-26 | Paid | - | Travis Waldron | - | Travis Waldron | 75 | 6 | 81 | 0 | 0 | 0 | 2026-04-07 | 2026-04-07 | payment | - | - | Net 30 | thanks | Travis Waldron/78 First St./Monlo Park, CA  94304 | 78 First St.; Monlo Park; CA; 94304
  QuickBooks line without product | 1 | 75 | 75 | California 8% 6 | Statement charge
* 49 | 1015 | 2026-04-06 | 2026-05-06 | Open | Paulsen Medical Supplies | Kathy Paulsen | - | Paulsen Medical Supplies | 954.75 | 0 | 954.75 | 954.75 | 50.25 | 0 | - | - | - | - | 48 | Net 30 | thanks | Kathy Paulsen/Paulsen Medical Supplies/900 Main St./Middlefield, CA  94303 | 38921 S. Boise Ave; Middlefield; CA; 94304
  Design | 4 | 75 | 300 | - | Custom Design
  Installation | 5 | 50 | 250 | - | Installation of landscape design
  Rock Fountain | 1 | 275 | 275 | - | Rock Fountain
  Rocks | 8 | 22.5 | 180 | - | Garden Rocks
* 60 | 1016 | 2026-02-18 | 2026-03-20 | Overdue | Kookies by Kathy | Kathy Kuplis | - | Kookies by Kathy | 75 | 0 | 75 | 75 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Kathy Kuplis/Kookies by Kathy/789 Sugar Lane/Middlefield, CA  94303 | -
  Gardening | 3 | 25 | 75 | - | Weekly Gardening Service
* 63 | 1017 | 2026-03-23 | 2026-04-22 | Paid | Sushi by Katsuyuki | Katsuyuki Yanagawa | - | Sushi by Katsuyuki | 80 | 0 | 80 | 0 | 0 | 0 | 2026-04-04 | 2026-04-04 | payment | - | - | Net 30 | thanks | Katsuyuki Yanagawa/Sushi by Katsuyuki/898 Elm St./Maplewood, NJ  07040 | 898 Elm St.; Maplewood; NJ; 07040
  Gardening | 4 | 20 | 80 | - | Weekly Gardening Service
* 64 | 1018 | 2026-03-30 | 2026-04-29 | Overdue | Sushi by Katsuyuki | Katsuyuki Yanagawa | - | Sushi by Katsuyuki | 80 | 0 | 80 | 80 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Katsuyuki Yanagawa/Sushi by Katsuyuki/898 Elm St./Maplewood, NJ  07040 | 898 Elm St.; Maplewood; NJ; 07040
  Gardening | 4 | 20 | 80 | - | Weekly Gardening Service
* 65 | 1019 | 2026-04-06 | 2026-05-06 | Open | Sushi by Katsuyuki | Katsuyuki Yanagawa | - | Sushi by Katsuyuki | 80 | 0 | 80 | 80 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Katsuyuki Yanagawa/Sushi by Katsuyuki/898 Elm St./Maplewood, NJ  07040 | 898 Elm St.; Maplewood; NJ; 07040
  Gardening | 4 | 20 | 80 | - | Weekly Gardening Service
* 67 | 1021 | 2026-03-17 | 2026-04-16 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 425 | 34 | 459 | 239 | 0 | 0 | - | 2026-04-07 | payment | - | - | Net 30 | thanks | Amy Lauterbach/Amy's Bird Sanctuary/4581 Finch St./Bayshore, CA  94326 | 4581 Finch St.; Bayshore; CA; 94326
  Soil | 15 | 10 | 150 | California 8% 12 | 2 cubic ft. bag
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
* 68 | 1022 | 2026-03-17 | 2026-04-16 | Overdue | Jeff's Jalopies | Jeff Chin | - | Jeff's Jalopies | 75 | 6 | 81 | 81 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Jeff Chin/Jeff's Jalopies/12 Willow Rd./Menlo Park, CA  94305 | 12 Willow Rd.; Menlo Park; CA; 94305
  Gardening | 3 | 25 | 75 | California 8% 6 | Weekly Gardening Service
* 69 | 1023 | 2026-04-06 | 2026-05-06 | Open | Red Rock Diner | Stephanie Martini | - | Red Rock Diner | 70 | 0 | 70 | 70 | 0 | 0 | - | - | - | - | 46 | Net 30 | thanks | Stephanie Martini/Red Rock Diner/500 Red Rock Rd./Bayshore, CA  94326 | 500 Red Rock Rd.; Bayshore; CA; 94326
  Pest Control | 2 | 35 | 70 | - | Pest Control Services
* 70 | 1024 | 2026-01-29 | 2026-02-28 | Overdue | Red Rock Diner | Stephanie Martini | - | Red Rock Diner | 156 | 0 | 156 | 156 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Stephanie Martini/Red Rock Diner/500 Red Rock Rd./Bayshore, CA  94326 | 500 Red Rock Rd.; Bayshore; CA; 94326
  Sprinkler Pipes | 12 | 4 | 48 | - | Sprinkler Pipes
  Sprinkler Pipes | 15 | 4 | 60 | - | Sprinkler Pipes
  Rocks | 4 | 12 | 48 | - | Garden Rocks
* 71 | 1025 | 2026-02-19 | 2026-03-21 | Paid | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 205 | 0 | 205 | 0 | 0 | 0 | 2026-03-22 | 2026-03-22 | payment, credit | - | - | Net 30 | thanks | Amy Lauterbach/Amy's Bird Sanctuary/4581 Finch St./Bayshore, CA  94326 | 4581 Finch St.; Bayshore; CA; 94326
  Gardening | 4 | 30 | 120 | - | Weekly Gardening Service
  Pest Control | 1 | 35 | 35 | - | Pest Control Services
  Maintenance & Repair | 1 | 50 | 50 | - | Maintenance & Repair
* 75 | 1027 | 2026-02-19 | 2026-03-21 | Overdue | Bill's Windsurf Shop | Bill Lucchini | - | Bill's Windsurf Shop | 85 | 0 | 85 | 85 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Bill Lucchini/Bill's Windsurf Shop/12 Ocean Dr./Half Moon Bay, CA  94213 | -
  Gardening | 2 | 25 | 50 | - | Weekly Gardening Service
  Pest Control | 1 | 35 | 35 | - | Pest Control Services
* 92 | 1028 | 2026-02-19 | 2026-03-21 | Overdue | Freeman Sporting Goods | Kirby Freeman | 55 Twin Lane | Freeman Sporting Goods | 75 | 6 | 81 | 81 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Amelia/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Gardening | 3 | 25 | 75 | California 8% 6 | Weekly Gardening Service
* 93 | 1029 | 2026-02-19 | 2026-03-21 | Paid | Dukes Basketball Camp | Peter Dukes | - | Dukes Basketball Camp | 422 | 38.4 | 460.4 | 0 | 0 | -0.01 | 2026-03-12 | 2026-03-12 | payment | - | - | Net 30 | thanks | Peter Dukes/Dukes Basketball Camp/25 Court St./Tucson, AZ  85719 | 25 Court St.; Tucson; AZ; 85719
  Concrete | 5 | 15 | 75 | AZ State tax 7.1% 5.33, Tucson City 2% 1.5 | Concrete for fountain installation
  Rocks | 6 | 12 | 72 | AZ State tax 7.1% 5.11, Tucson City 2% 1.44 | Garden Rocks
  Rock Fountain | 1 | 275 | 275 | AZ State tax 7.1% 19.53, Tucson City 2% 5.5 | Rock Fountain
* 95 | 1030 | 2025-12-22 | 2026-01-21 | Paid | Freeman Sporting Goods | Kirby Freeman | 0969 Ocean View Road | Freeman Sporting Goods | 216.25 | 10.5 | 226.75 | 0 | 0 | 0 | 2026-01-12 | 2026-01-12 | payment | - | - | Net 30 | thanks | Sasha Tillou/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Gardening | 2 | 25 | 50 | - | Weekly Gardening Service
  Pest Control | 1 | 35 | 35 | - | Pest Control Services
  Sod | 15 | 8.75 | 131.25 | California 8% 10.5 | Sod
* 96 | 1031 | 2026-01-22 | 2026-02-21 | Paid | Freeman Sporting Goods | Kirby Freeman | 0969 Ocean View Road | Freeman Sporting Goods | 365 | 22 | 387 | 0 | 0 | 0 | 2026-04-08 | 2026-04-08 | payment | - | - | Net 30 | thanks | Sasha Tillou/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Gardening | 3 | 30 | 90 | - | Weekly Gardening Service
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
* 99 | 1032 | 2026-04-05 | 2026-05-05 | Open | - | Travis Waldron | - | Travis Waldron | 384 | 30.72 | 414.72 | 414.72 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Travis Waldron/78 First St./Monlo Park, CA  94304 | 78 First St.; Monlo Park; CA; 94304
  Sod | 20 | 15 | 300 | California 8% 24 | Sod
  Rocks | 7 | 12 | 84 | California 8% 6.72 | Garden Rocks
* 103 | 1033 | 2026-04-07 | 2026-05-07 | Open | - | Geeta Kalapatapu | - | Geeta Kalapatapu | 582.5 | 46.6 | 629.1 | 629.1 | 0 | 0 | - | - | - | 2026-05-05 | 41 | Net 30 | thanks | Geeta Kalapatapu/1987 Main St./Middlefield, CA  94303 | 1987 Main St.; Middlefield; CA; 94303
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
  Design | 3.5 | 75 | 262.5 | California 8% 21 | Custom Design
  Pump | 2 | 22.5 | 45 | California 8% 3.6 | Fountain Pump
* 106 | 1034 | 2026-04-07 | 2026-05-07 | Open | - | Rondonuwu and Vegi | - | Rondonuwu Fruit and Vegi | 75 | 3.6 | 78.6 | 78.6 | 0 | 0 | - | - | - | 2026-05-05 | - | Net 30 | thanks | Rondonuwu Fruit and Vegi/847 California Ave./San Jose, CA  95021 | 847 California Ave.; San Jose; CA; 95021
  Trimming | 2 | 15 | 30 | - | Tree and Shrub Trimming
  Lighting | 3 | 15 | 45 | California 8% 3.6 | Garden Lighting
* 119 | 1035 | 2026-04-08 | 2026-05-08 | Open | - | Mark Cho | - | Mark Cho | 291 | 23.28 | 314.28 | 314.28 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Mark Cho/36 Willow Rd/Menlo Park, CA  94304 | 36 Willow Rd; Menlo Park; CA; 94304
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
  Sprinkler Pipes | 4 | 4 | 16 | California 8% 1.28 | Sprinkler Pipes
* 129 | 1036 | 2026-04-08 | 2026-05-08 | Open | Freeman Sporting Goods | Kirby Freeman | 0969 Ocean View Road | Freeman Sporting Goods | 477.5 | 0 | 477.5 | 477.5 | 0 | 0 | - | - | - | - | - | Net 30 | thanks | Sasha Tillou/Freeman Sporting Goods/370 Easy St./Middlefield, CA  94482 | 370 Easy St.; Middlefield; CA; 94482
  Sod | 5 | 10 | 50 | - | Sod
  Soil | 5 | 10 | 50 | - | 2 cubic ft. bag
  Gardening | 3.5 | 25 | 87.5 | - | Weekly Gardening Service
  Rock Fountain | 1 | 275 | 275 | - | Rock Fountain
  Pump | 1 | 15 | 15 | - | Fountain Pump
* 130 | 1037 | 2026-04-08 | 2026-05-08 | Open | Sonnenschein Family Store | Russ Sonnenschein | - | Sonnenschein Family Store | 335.25 | 26.82 | 362.07 | 362.07 | 0 | 0 | - | - | - | - | 100 | Net 30 | thanks | Russ Sonnenschein/Sonnenschein Family Store/5647 Cypress Hill Ave./Middlefield, CA  94303 | 5647 Cypress Hill Ave.; Middlefield; CA; 94303
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
  Pump | 1 | 12.75 | 12.75 | California 8% 1.02 | Fountain Pump
  Concrete | 5 | 9.5 | 47.5 | California 8% 3.8 | Concrete for fountain installation
* 145 | 1038 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 146 | 1039 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 149 | 1040 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 152 | 1041 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 155 | 1042 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 161 | 1043 | 2024-01-15 | 2024-02-14 | Overdue | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 100 | 0 | 0 | - | - | - | - | - | - | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
`

// recordedQuotes are the 8 estimates.
//
// id | number | date | valid until | status | account | contact | job | name | net | tax | total | invoiced so far | remaining |
// discount | adjustment | memo | billing | shipping
const recordedQuotes = `
* 41 | 1001 | 2026-03-27 | - | Closed | - | Geeta Kalapatapu | - | Geeta Kalapatapu | 582.5 | 0 | 582.5 | 629.1 | 0 | 0 | 0 | thanks | Geeta Kalapatapu/1987 Main St./Middlefield, CA  94303 | 1987 Main St.; Middlefield; CA; 94303
  Rock Fountain | 1 | 275 | 275 | - | Rock Fountain
  Design | 3.5 | 75 | 262.5 | - | Custom Design
  Pump | 2 | 22.5 | 45 | - | Fountain Pump
* 46 | 1001 | 2026-04-04 | - | Closed | Red Rock Diner | Stephanie Martini | - | Red Rock Diner | 70 | 0 | 70 | 70 | 0 | 0 | 0 | thanks | Stephanie Martini/Red Rock Diner/500 Red Rock Rd./Bayshore, CA  94326 | 500 Red Rock Rd.; Bayshore; CA; 94326
  Pest Control | 2 | 35 | 70 | - | Pest Control Services
* 48 | 1001 | 2026-04-04 | - | Closed | Paulsen Medical Supplies | Kathy Paulsen | - | Paulsen Medical Supplies | 1005 | 0 | 1005 | 954.75 | 0 | 0 | 0 | thanks | Kathy Paulsen/Paulsen Medical Supplies/900 Main St./Middlefield, CA  94303 | 38921 S. Boise Ave; Middlefield; CA; 94304
  Design | 4 | 75 | 300 | - | Custom Design
  Installation | 5 | 50 | 250 | - | Installation of landscape design
  Rock Fountain | 1 | 275 | 275 | - | Rock Fountain
  Rocks | 8 | 22.5 | 180 | - | Garden Rocks
* 100 | 1001 | 2026-04-05 | - | Closed | Sonnenschein Family Store | Russ Sonnenschein | - | Sonnenschein Family Store | 335.25 | 26.82 | 362.07 | 362.07 | 0 | 0 | 0 | thanks | Russ Sonnenschein/Sonnenschein Family Store/5647 Cypress Hill Ave./Middlefield, CA  94303 | 5647 Cypress Hill Ave.; Middlefield; CA; 94303
  Rock Fountain | 1 | 275 | 275 | California 8% 22 | Rock Fountain
  Pump | 1 | 12.75 | 12.75 | California 8% 1.02 | Fountain Pump
  Concrete | 5 | 9.5 | 47.5 | California 8% 3.8 | Concrete for fountain installation
* 148 | 1001 | 2024-01-15 | - | Pending | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 0 | 100 | 0 | 0 | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 150 | 1002 | 2024-01-15 | - | Pending | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 0 | 100 | 0 | 0 | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 153 | 1003 | 2024-01-15 | - | Pending | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 0 | 100 | 0 | 0 | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | -
* 171 | 1004 | 2026-05-05 | - | Pending | Test Customer Final | Amy Lauterbach | - | Test Customer Final | 100 | 0 | 100 | 0 | 100 | 0 | 0 | - | 4581 Finch St.; Bayshore; CA; 94326 | 4581 Finch St.; Bayshore; CA; 94326
  Test Item Updated | 1 | 100 | 100 | - | Test line item
`

// recordedOrders are the 9 purchase orders.
//
// id | number | date | due | status | vendor | net | tax | total | adjustment | bills | memo | vendor e-mail | billing | shipping
const recordedOrders = `
* 45 | 1002 | 2026-04-06 | - | Open | Tim Philip Masonry | 125 | 0 | 125 | 0 | - | - | - | Tim Philip/Tim Philip Masonry/3948 Elm St./Middlefield, CA  94482 | Craig's Design and Landscaping Services/123 Sierra Way/San Pablo, CA  87999
  Rock Fountain | 1 | 125 | 125 | - | Rock Fountain
* 114 | 1003 | 2026-04-08 | - | Closed | Hicks Hardware | 228.75 | 0 | 228.75 | 0 | Purchase 115 | - | - | Geoff Hicks/Hicks Hardware/42 Main St./Middlefield, CA  94303 | Craig's Design and Landscaping Services/123 Sierra Way/San Pablo, CA  87999
  Rock Fountain | 1 | 125 | 125 | - | Rock Fountain
  Sprinkler Heads | 15 | 0.75 | 11.25 | - | Sprinkler Heads
  Sprinkler Pipes | 25 | 2.5 | 62.5 | - | Sprinkler Pipes
  Pump | 3 | 10 | 30 | - | Fountain Pump
* 125 | 1004 | 2026-04-08 | - | Closed | Norton Lumber and Building Materials | 205 | 0 | 205 | 0 | Bill 126 | - | - | Julie Norton/Norton Lumber and Building Materials/4528 Country Road/Middlefield, CA  94303 | Craig's Design and Landscaping Services/123 Sierra Way/San Pablo, CA  87999
  Pump | 8 | 10 | 80 | - | Fountain Pump
  Rock Fountain | 1 | 125 | 125 | - | Rock Fountain
* 154 | 1005 | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Test purchase order | - | - | -
  QuickBooks line without product | 1 | 150 | 150 | - | Office supplies (Legal & Professional Fees:Accounting)
* 156 | 1006 | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Test purchase order | - | - | -
  QuickBooks line without product | 1 | 150 | 150 | - | Office supplies (Legal & Professional Fees:Accounting)
* 158 | 1007 | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Test purchase order | - | - | -
  QuickBooks line without product | 1 | 150 | 150 | - | Office supplies (Legal & Professional Fees:Accounting)
* 160 | - | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Updated memo for testing | - | - | -
  Pump | 2 | 75 | 150 | - | Updated pump description
* 162 | 1009 | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Test purchase order | - | - | -
  QuickBooks line without product | 1 | 150 | 150 | - | Office supplies (Legal & Professional Fees:Accounting)
* 163 | 1010 | 2026-05-05 | - | Open | Bob's Burger Joint | 150 | 0 | 150 | 0 | - | Test purchase order | - | - | -
  QuickBooks line without product | 1 | 150 | 150 | - | Office supplies (Legal & Professional Fees:Accounting)
`
