package zohobox

// The fields of the modules that no ledger has a counterpart for. Their names
// are those the vendor's own clients know; lengths follow the fields of the same
// kind in section 8.

// anyModule is the target of a look-up that $se_module names record by record.
const anyModule = "$se_module"

const campaignFields = `
Campaign_Name text:120 *
Type picklist =Conference|Webinar|Trade Show|Public Relations|Partners|Referral Program|Advertisement|Banner Ads|Direct Mail|Email|Telemarketing|Others
Status picklist =Planning|Active|Inactive|Complete
Start_Date date
End_Date date
Expected_Revenue currency
Budgeted_Cost currency
Actual_Cost currency
Expected_Response bigint:18
Num_sent bigint:18
Parent_Campaign lookup >Campaigns
Description textarea:32000
`

// aboutFields tie an activity to a person and to any other record.
const aboutFields = `
Who_Id lookup >Contacts
What_Id lookup >$se_module
`

const taskFields = `
Subject text:255 *
Due_Date date
Status picklist =Not Started|Deferred|In Progress|Completed|Waiting for input
Priority picklist =High|Highest|Low|Lowest|Normal
Closed_Time datetime ro
Send_Notification_Email boolean
Description textarea:32000
` + aboutFields

const eventFields = `
Event_Title text:255 *
Start_DateTime datetime *
End_DateTime datetime *
All_day boolean
Venue text:255
Description textarea:32000
Check_In_Time datetime ro
Check_In_By ownerlookup ro
Check_In_Status picklist ro
Check_In_Comment textarea:2000 ro
Check_In_Address textarea:2000 ro
Check_In_Sub_Locality text:100 ro
Check_In_City text:100 ro
Check_In_State text:100 ro
Check_In_Country text:100 ro
ZIP_Code text:30 ro
Latitude double ro
Longitude double ro
` + aboutFields

const callFields = `
Subject text:255 *
Call_Type picklist * =Inbound|Outbound|Missed
Call_Start_Time datetime *
Call_Duration text:255
Call_Duration_in_seconds integer ro
Call_Purpose picklist =Prospecting|Administrative|Negotiation|Demo|Project|Desk
Call_Agenda text:255
Call_Result picklist =Interested|Not interested|No response/Busy|Requested more info|Requested call back|Invalid number
Outgoing_Call_Status picklist =Scheduled|Completed|Overdue|Cancelled
Scheduled_In_CRM picklist ro
CTI_Entry boolean ro
Caller_ID text:100 ro
Dialled_Number text:100 ro
Voice_Recording__s website:450
Description textarea:32000
` + aboutFields

const caseFields = `
Case_Number bigint:18 ro
Subject text:255 *
Status picklist * =New|On Hold|Escalated|Closed
Case_Origin picklist * =Email|Phone|Web
Priority picklist =High|Medium|Low
Type picklist =Problem|Feature Request|Question
Case_Reason picklist =User did not attend any training|Complex functionality|Existing problem|Instructions not clear|New problem
Product_Name lookup >Products
Account_Name lookup >Accounts
Deal_Name lookup >Deals
Related_To lookup >Contacts
Reported_By text:50
Email email:100
Phone phone:30
Internal_Comments textarea:3000
Solution textarea:2000
No_of_comments integer ro
Description textarea:32000
`

const solutionFields = `
Solution_Number bigint:18 ro
Solution_Title text:255 *
Status picklist =Draft|Reviewed|Duplicate
Product_Name lookup >Products
Published boolean
Question textarea:32000
Answer textarea:32000
No_of_comments integer ro
`
