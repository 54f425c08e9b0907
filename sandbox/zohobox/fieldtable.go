package zohobox

// The default fields of the modules (section 8), one a line:
//
//	Api_Name type[:length] [*] [ro] [mc] [?feature] [>Module] [+default] [=Value|Value...]
//
// * is mandatory by API, ro read-only, mc present only while multi-currency is
// on, ? only while that feature is, > the look-up's target, + the value of a new record. "@address Billing
// Code" stands for the five address fields with that prefix and postal name.
// Custom fields are never here; they are created through the API or by a person.

const systemFields = `
id bigint:18 ro
Owner ownerlookup
Created_By ownerlookup ro
Created_Time datetime ro
Modified_By ownerlookup ro
Modified_Time datetime ro
Tag tag
Locked__s boolean ro
Record_Status__s picklist ro =Available|Draft|Trash
Layout layout:50
`

const currencyFields = `
Currency picklist mc
Exchange_Rate double mc
`

const contactFields = `
Record_Image profileimage ro
Change_Log_Time__s datetime ro
Last_Activity_Time datetime ro
Enrich_Status__s picklist ro
Last_Enriched_Time__s datetime ro
Salutation picklist:25 =Mr.|Mrs.|Ms.|Dr.|Prof.
First_Name text:40
Last_Name text:80 *
Full_Name text:120 ro
Account_Name lookup >Accounts
Vendor_Name lookup >Vendors
Reporting_To lookup >Contacts
Reports_To lookup >Contacts
Email email:100
Secondary_Email email:100
Phone phone:30
Mobile phone:30
Home_Phone phone:30
Other_Phone phone:30
Asst_Phone phone:30
Fax text:30
Title text:100
Department text:50
Assistant text:50
Date_of_Birth date
Lead_Source picklist =Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Public Relations|Sales Email Alias|Seminar Partner|Internal Seminar|Trade Show|Web Download|Web Research|Chat
Email_Opt_Out boolean
Unsubscribed_Mode picklist ro
Unsubscribed_Time datetime ro
Skype_ID text:50
Twitter text:50
Data_Processing_Basis picklist
Data_Processing_Basis_Details consent_lookup ?privacy
Territories territories ?territories
Data_Source picklist ro
Visitor_Score bigint:19 ro
Days_Visited integer ro
Average_Time_Spent_Minutes double ro
Number_Of_Chats integer ro
First_Visited_Time datetime ro
First_Visited_URL website:3000 ro
Last_Visited_Time datetime ro
Referrer website:3000 ro
Description textarea:32000
@address Mailing Zip
@address Other Zip
`

const accountFields = `
Record_Image profileimage ro
Change_Log_Time__s datetime ro
Last_Activity_Time datetime ro
Enrich_Status__s picklist ro
Last_Enriched_Time__s datetime ro
Territories territories ?territories
Account_Name text:200 *
Account_Number bigint:18
Account_Site text:80
Account_Type picklist =Analyst|Competitor|Customer|Distributor|Integrator|Investor|Other|Partner|Press|Prospect|Reseller|Supplier|Vendor
Ownership picklist =Other|Private|Public|Subsidiary|Partnership|Government|Privately Held|Public Company
Industry picklist =Communications|Technology|Government/Military|Manufacturing|Financial Services|Non-Management ISV|Service Provider|Small/Medium Enterprise
Rating picklist =Acquired|Active|Market Failed|Project Cancelled|Shut Down
Parent_Account lookup >Accounts
Annual_Revenue currency
Employees integer
SIC_Code integer
Ticker_Symbol text:30
Website website:255
Phone phone:30
Fax text:30
Description textarea:32000
@address Billing Code
@address Shipping Code
`

const vendorFields = `
Record_Image profileimage ro
Vendor_Name text:120 *
Email email:100
Phone phone:30
Website website:255
Category text:50
GL_Account picklist =Sales-Software|Sales-Hardware|Rental Income|Interest Income|Sales-Other
Email_Opt_Out boolean
Unsubscribed_Mode picklist ro
Unsubscribed_Time datetime ro
Description textarea:32000
Street text:250
City text:100
State text:100
Zip_Code text:30
Country text:100
`

const productFields = `
Record_Image profileimage ro
Product_Name text:200 *
Product_Code text:100
Product_Category picklist =Hardware|Software|CRM Applications
Product_Active boolean +true
Manufacturer picklist
Vendor_Name lookup >Vendors
Unit_Price currency
Commission_Rate currency
Tax multiselectpicklist:1000
Taxable boolean +true
Usage_Unit picklist =Box|Carton|Dozen|Each|Hours|Impressions|Lb|M|Pack|Pages|Pieces|Quantity|Reams|Sheet|Spiral Binder|Sq Ft
Qty_Ordered double
Qty_in_Stock double
Qty_in_Demand double
Reorder_Level double
Handler ownerlookup
Sales_Start_Date date
Sales_End_Date date
Support_Start_Date date
Support_Expiry_Date date
Description textarea:32000
`

const priceBookFields = `
Price_Book_Name text:50 *
Active boolean +true
Pricing_Model picklist =Flat|Differential
Pricing_Details subform
Description textarea:32000
`

const leadFields = `
Record_Image profileimage ro
Change_Log_Time__s datetime ro
Last_Activity_Time datetime ro
Salutation picklist:25 =Mr.|Mrs.|Ms.|Dr.|Prof.
First_Name text:40
Last_Name text:80 *
Full_Name text:120 ro
Company text:200
Designation text:100
Email email:100
Secondary_Email email:100
Phone phone:30
Mobile phone:30
Fax text:30
Website website:255
Lead_Source picklist =Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Public Relations|Sales Email Alias|Seminar Partner|Internal Seminar|Trade Show|Web Download|Web Research|Chat
Lead_Status picklist =Attempted to Contact|Contact in Future|Contacted|Junk Lead|Lost Lead|Not Contacted|Pre-Qualified|Not Qualified
Industry picklist
Rating picklist =Acquired|Active|Market Failed|Project Cancelled|Shut Down
No_of_Employees integer
Annual_Revenue currency
Email_Opt_Out boolean
Unsubscribed_Mode picklist ro
Unsubscribed_Time datetime ro
Skype_ID text:50
Twitter text:50
Street text:250
City text:100
State text:100
Zip_Code text:30
Country text:100
Converted__s boolean ro
Description textarea:32000
`

const dealFields = `
Change_Log_Time__s datetime ro
Last_Activity_Time datetime ro
Territory territory ?territories
Deal_Name text:120 *
Account_Name lookup >Accounts
Contact_Name lookup >Contacts
Campaign_Source lookup >Campaigns
Amount currency
Closing_Date date
Stage picklist * =Qualification|Needs Analysis|Value Proposition|Identify Decision Makers|Proposal/Price Quote|Negotiation/Review|Closed Won|Closed Lost|Closed Lost to Competition
Pipeline picklist =Standard (Standard)
Probability integer
Expected_Revenue currency ro
Type picklist =New Business|Existing Business
Next_Step text:100
Lead_Source picklist =Advertisement|Cold Call|Employee Referral|External Referral|Online Store|Partner|Public Relations|Sales Email Alias|Seminar Partner|Internal Seminar|Trade Show|Web Download|Web Research|Chat
Reason_For_Loss__s picklist
Lead_Conversion_Time integer ro
Sales_Cycle_Duration integer ro
Overall_Sales_Duration integer ro
Description textarea:32000
`

// documentFields follow the fields of each inventory module (section 7).
const documentFields = `
Terms_and_Conditions textarea:32000
Description textarea:32000
Sub_Total formula ro
Discount currency
Discount_Type__s picklist
Discount_Percentage__s percent
Tax currency ro
Adjustment currency
Grand_Total formula ro
@address Billing Code
@address Shipping Code
`

const carrier = "Carrier picklist +FedEX =FedEX|UPS|USPS|DHL|BlueDart\n"

const quoteFields = `
Change_Log_Time__s datetime ro
Subject text:120 *
Quote_Number bigint:18 ro
Quote_Stage picklist +Draft =Draft|Negotiation|Delivered|On Hold|Confirmed|Closed Won|Closed Lost
Valid_Till date
Deal_Name lookup >Deals
Contact_Name lookup >Contacts
Account_Name lookup >Accounts
Team text:50
Quoted_Items subform * >Quoted_Items
Product_Details subform >Quoted_Items
` + carrier

const salesOrderFields = `
Change_Log_Time__s datetime ro
Subject text:120 *
SO_Number bigint:18 ro
Deal_Name lookup >Deals
Quote_Name lookup >Quotes
Contact_Name lookup >Contacts
Account_Name lookup >Accounts
Customer_No text:50
Purchase_Order text:50
Due_Date date
Pending text:50
Excise_Duty currency
Sales_Commission currency
Status picklist +Created =Created|Approved|Delivered|Cancelled
Ordered_Items subform * >Ordered_Items
Product_Details subform >Ordered_Items
` + carrier

const invoiceFields = `
Change_Log_Time__s datetime ro
Subject text:120 *
Invoice_Number bigint:18 ro
Sales_Order lookup >Sales_Orders
Purchase_Order text:50
Invoice_Date date
Due_Date date
Contact_Name lookup >Contacts
Account_Name lookup >Accounts
Deal_Name__s lookup >Deals
Excise_Duty currency
Sales_Commission currency
Status picklist +Created =Created|Approved|Delivered|Cancelled
Invoiced_Items subform * >Invoiced_Items
Product_Details subform >Invoiced_Items
`

const purchaseOrderFields = `
Change_Log_Time__s datetime ro
Subject text:120 *
PO_Number text:50
Vendor_Name lookup * >Vendors
Contact_Name lookup >Contacts
Requisition_No text:20
Tracking_Number text:50
PO_Date date
Due_Date date
Excise_Duty currency
Sales_Commission currency
Status picklist +Created =Created|Approved|Delivered|Cancelled
Purchase_Items subform * >Purchase_Items
Product_Details subform >Purchase_Items
` + carrier

// coordinates are fields of documents in newer organisations (section 7.5).
const coordinates = `
Billing_Latitude double
Billing_Longitude double
Shipping_Latitude double
Shipping_Longitude double
`

// lineFields are the columns of every line module (section 7.2). The parent
// look-up is added per module, because its target differs.
const lineFields = `
id bigint:18 ro
Created_Time datetime ro
Modified_Time datetime ro
Sequence_Number bigint:18
Product_Name lookup * >Products
Price_Book_Name lookup >Price_Books
Description textarea:2000
Quantity double *
List_Price currency
Total formula ro
Discount currency
Discount_Type__s picklist
Discount_Percentage__s percent
Total_After_Discount formula ro
Line_Tax linetax
Tax currency ro
Net_Total formula ro
`
