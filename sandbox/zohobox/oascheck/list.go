package oascheck

// deviations: an entry that no test brings about any more fails the tests of the
// sandbox, so that the list cannot go stale.
var deviations = []Deviation{
	// Answers that any operation can give.
	{"*", 401, "$", "the document has no such status", "documents name 401 for some operations only; every call needs a token (zoho-crm.md section 15)"},
	{"*", 429, "$", "the document has no such status", "documents name 429 for some operations only; every call counts (zoho-crm.md section 14)"},
	{"*", 403, "$", "the document has no such status", "documents name 403 for some operations only; zoho-crm.md section 15 gives its codes"},
	{"*", 404, "$", "the document has no such status", "a page that the sandbox does not imitate, or a version it does not know, answers INVALID_URL_PATTERN (zoho-crm.md section 4.1)"},
	{"*", 404, "$", "no document has this operation", "an address without an operation; likewise"},
	{"*", 400, "$", "no document has this operation", "an address without an operation, called with a method or a depth that the service refuses before it looks for a page"},
	{"*", 207, "$", "the document has no such status", "mixed results: the documents name 207 for some kinds of writes only (zoho-crm.md section 4.3)"},
	{"*", 304, "$", "the document has no such status", "If-Modified-Since is missing from the newer documents of lists (zoho-crm.md section 4.1)"},
	{"*", 413, "$", "the document has no such status", "FILE_TOO_LARGE (zoho-crm.md section 15)"},
	{"*", 415, "$", "the document has no such status", "MEDIA_TYPE_NOT_SUPPORTED (zoho-crm.md section 15)"},
	{"*", 500, "$", "has code, details, message, status", "the document wraps the failure into data; zoho-crm.md section 4.1 prints it flat"},

	// Operations without a document of this year.
	{"* /org/taxes*", 0, "$", "no document has this operation", "neither generation of documents has taxes; the client library reads them (zoho-crm.md section 9)"},
	{"GET /org/currencies/actions/available_currencies", 200, "$", "no document has this operation", "the document of this name has no paths"},
	{"GET /bulk/write/{id}/result", 200, "$", "no document has this operation", "the address that download_url of a finished job gives; the vendor serves it from another host"},
	{"POST /*/{id}/Notes", 0, "$", "no document has this operation", "the document of notes has them at /Notes only; the client library posts them here too (zoho-crm.md section 6)"},

	// Refusals of a whole request: flat, where the document wraps them, or with more detail.
	{"GET /org", 400, "$", "the document has no such status", "INVALID_HOST: a call to another data centre than the token's (zoho-crm.md section 1)"},
	{"* /{module}*", 400, "$", "has code, details, message, status", "whole-request failures come flat (zoho-crm.md sections 4.1 and 4.3); the document knows them inside data only"},
	{"POST /{module}", 401, "$", "has code, details, message, status", "likewise, for a scope that is missing"},
	{"DELETE /{module}/{recordID}", 400, "$", "lacks code, message, status; has data", "an unknown id is a result in data (zoho-crm.md section 4.5); the document has the flat form only"},
	{"POST /settings/pipeline", 400, "$.code", "is not in the document's list", "a method that is not imitated is refused as such"},
	{"POST /settings/pipeline", 400, "$.details", "lacks param_name", "likewise"},
	{"POST /write", 400, "$", "has details, message", "the document leaves out what is wrong when modules cannot be written together; the sandbox says it"},
	{"POST /read", 400, "$.details", "has json_path*", "the sandbox says where the wrong key stands"},
	{"POST /read", 400, "$", "has code, details, message, status", "criteria are checked by the rules of COQL, whose refusal it is"},
	{"POST /org/currencies/actions/enable", 400, "$.details", "has api_name, json_path", "the sandbox says where the wrong key stands"},
	{"POST /settings/variables", 400, "$.variables[].details", "has json_path", "likewise"},
	{"POST /actions/watch", 400, "$.watch[].details", "has value", "the sandbox names the field it does not know"},
	{"POST /coql", 400, "$.details.operator", "is not in the document's list", "the document names some operators here; like and in can be wrong as well"},
	{"POST /{module}/actions/mass_update", 400, "$.data[].details", "has api_name, json_path", "the sandbox says which key has too many ids"},
	{"GET /__features", 400, "$.details", "has resource_path_index", "not imitated: the address is taken for a module"},
	{"GET /settings/modules/{moduleIdentifier}", 400, "$.code", "is not in the document's list", "INVALID_MODULE, as everywhere else (zoho-crm.md section 4.1)"},
	{"GET /settings/pipeline", 400, "$.code", "is not in the document's list", "REQUIRED_PARAM_MISSING for a mandatory parameter, as everywhere else (zoho-crm.md section 4.1)"},
	{"GET /settings/variables/{id}", 400, "$.code", "is not in the document's list", "likewise"},
	{"GET /settings/variables/{id}", 400, "$.message", "is not in the document's list", "likewise"},
	{"GET /{moduleName}/{recordId}/Locking_Information__s", 400, "$.code", "is not in the document's list", "likewise"},
	{"GET /{moduleName}/{recordId}/Locking_Information__s", 400, "$.message", "is not in the document's list", "likewise"},
	{"GET /{moduleName}/{recordId}/Locking_Information__s", 400, "$.details", "has param_name", "likewise"},
	{"GET /{moduleApiName}/actions/count", 400, "$.message", "is not in the document's list", "the document prints one sentence for each code, and none for parameters that exclude each other"},
	{"POST /{moduleApiName}/{id}/actions/convert", 400, "$.code", "is not in the document's list", "INVALID_MODULE for a module that cannot be converted (zoho-crm.md section 15)"},
	{"GET /{parentRecordModule}/{parentRecord}/{relatedList}", 400, "$.code", "is not in the document's list", "DISCRETE_PAGINATION_LIMIT_EXCEEDED, as on lists (zoho-crm.md section 4.1)"},
	{"PUT /{module}/{recordID}", 400, "$.data[].code", "is not in the document's list", "NOT_APPROVED (zoho-crm.md section 4.6)"},
	{"GET /{module}/search", 400, "$.code", "is not in the document's list", "INVALID_DATA for a word that is too short (zoho-crm.md section 5.1); the document has no code for it"},
	{"GET /{module}/search", 400, "$.details", "has param_name", "likewise"},
	{"GET /{module}/search", 400, "$.details", "has reason", "the document asks for api_name in the details of INVALID_QUERY and forbids it in the same breath; reason as in zoho-crm.md section 5.1"},
	{"GET /users", 400, "$", "the document has no such status", "a kind of users that does not exist"},

	// Answers without content.
	{"GET /actions/watch", 204, "$", "the document has no such status", "no channel: 204, as every empty list"},
	{"GET /settings/variables", 204, "$", "the document has no such status", "no variable: 204, as every empty list"},

	// Lists and records.
	{"GET /{module}", 200, "$.data", "has more than 100 entries", "lists have up to 200 records (zoho-crm.md section 4.1)"},
	{"GET /{module}", 200, "$.info.*_token", "is no string but null", "a recorded answer has null there (zoho-crm.md section 4.1)"},
	{"GET /{module}", 200, "$.info.page_token_expiry", "is no string but null", "likewise"},
	{"GET /{module}*", 200, "$.data[].Created_By", "has email", "the client library reads it, and the document itself has it for Owner"},
	{"GET /{module}*", 200, "$.data[].Modified_By", "has email", "likewise"},
	{"POST /{module}/upsert", 200, "$.data[]", "has action, duplicate_field", "zoho-crm.md section 4.4"},
	{"POST /coql", 200, "$.data", "has more than 200 entries", "a query answers with up to 2,000 records (zoho-crm.md section 5.3)"},
	{"POST /coql", 200, "$.fields.*", "lacks *", "the description of a field is that of the fields page; the document asks for internal keys that no other page has"},
	{"POST /{module}/actions/add_tags", 200, "$.data", "has more than 20 entries", "100 records at once; the client library sends as many"},
	{"POST /{module}/actions/add_tags", 200, "$", "has wf_scheduler", "the client library reads it; the documents of last year have it"},
	{"POST /{module}/{id}/actions/add_tags", 200, "$", "has wf_scheduler", "likewise"},
	{"POST /{module}/actions/remove_tags", 200, "$", "has success_count, wf_scheduler", "likewise"},
	{"POST /{module}/actions/mass_update", 200, "$.data[].code", "is not in the document's list", "SCHEDULED: by view the change is a job (zoho-crm.md section 6), which the document leaves out"},
	{"POST /{module}/actions/mass_update", 200, "$.data[].details", "lacks *; has job_id", "likewise"},

	// Bulk jobs.
	{"GET /read/{jobId}", 200, "$.data[]", "lacks Attachment_Source__s, File_Id__s", "the document asks for two fields of attachments in every job"},
	{"GET /read/{jobId}", 200, "$.data[].query.criteria", "lacks group, group_operator; has comparator, field, value", "criteria come back as they were sent; one condition needs no group (zoho-crm.md section 12)"},
	{"GET /read/{jobId}", 200, "$.data[].query.criteria.group[]", "lacks id, type", "likewise: conditions have neither"},
	{"GET /read/{jobId}", 200, "$.data[].query.criteria.group[].field", "lacks id", "likewise: a field may be named without its id"},
	{"GET /write/{jobId}", 200, "$", "lacks callback", "a job without a callback has none"},

	// Settings.
	{"GET /org", 200, "$.org[].license_details", "has trial_action", "zoho-crm.md section 9 lists it, and the documents of last year have it"},
	{"GET /settings/roles", 200, "$.roles[]", "has admin_user", "the client library reads it; the documents of last year have it"},
	{"GET /settings/custom_views", 200, "$.custom_views[].created_by", "is no object but null", "views of the system were created by nobody"},
	{"GET /settings/custom_views", 200, "$.custom_views[].modified_by", "is no object but null", "likewise"},
	{"GET /settings/custom_views/{id}", 200, "$.custom_views[].criteria.group", "has fewer than 2 entries", "a person may make a view with one condition"},
	{"GET /actions/watch", 200, "$.watch[].notification_condition[].field_selection.group", "has more than 2 entries", "a condition may name ten fields (zoho-crm.md section 11)"},
	{"GET /settings/fields", 200, "$.fields[].lookup.module.api_name", "does not fit the pattern *", "a field that looks nothing up has an empty module"},
	{"GET /settings/fields*", 200, "$.fields[]", "has subform", "the client library reads it; the documents of last year have it"},
	{"GET /settings/layouts*", 200, "$.layouts[].sections[].fields[].external", "is no null but object", "the fields of a layout are those of the fields page, whose document has an object there"},
	{"GET /settings/layouts*", 200, "$.layouts[]", "has mode", "likewise"},
	{"GET /settings/layouts*", 200, "$.layouts[].sections[]", "has layout", "likewise"},
	{"GET /settings/modules*", 200, "$.modules[]", "has visible", "likewise"},
	{"GET /settings/variables*", 200, "$.variables[].variable_group", "has name", "likewise"},
}
