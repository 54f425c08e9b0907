package zohobox

import (
	"net/http"
	"slices"
	"strings"
)

// find chooses the handler of a call. A failed answer stands for a path or a
// module that does not exist; it is given only after the token was checked.
func (b *Box) find(c *call) (route, answer) {
	if c.bulk {
		return b.findBulk(c)
	}
	switch c.path[0] {
	case "upload":
		return method(c, "/upload", route{run: b.uploadFile, kind: kindOther, scopes: []string{"ZohoFiles.files.ALL"}}, http.MethodPost)
	case compositePath:
		return method(c, "/"+compositePath, route{run: b.composite, kind: kindOther, scopes: []string{"ZohoCRM.composite_requests.CUSTOM"}, body: true, credits: b.compositeCredits, refund: b.compositeRefund}, http.MethodPost)
	case "users":
		return b.findUsers(c)
	case "Users":
		if len(c.path) == 2 && c.path[1] == "search" {
			return b.findUsers(c)
		}
	case "org":
		return b.findOrg(c)
	case featuresPath:
		return b.findFeatures(c)
	case apisPath:
		return b.findAPIs(c)
	case "settings":
		return b.findSettings(c)
	case "coql":
		return method(c, "/coql", route{run: b.coql, kind: kindRead, scopes: []string{"ZohoCRM.coql.READ"}, body: true, credits: coqlCredits}, http.MethodPost)
	case "actions":
		return b.findWatch(c)
	case "Notes":
		return b.findNotes(c)
	case "files":
		return b.findFiles(c)
	}
	return b.findRecords(c)
}

func none(c *call) (route, answer) {
	return route{kind: kindOther, pattern: "/" + strings.Join(c.path, "/")}, badURL()
}

// badMethod refuses a method that an address does not know: with 400 mostly, with
// 403 on the pages of locks, with 405 on those of layouts (section 15).
func (c *call) badMethod() answer {
	a := badMethod()
	switch {
	case slices.Contains(c.path, lockModule) || slices.Contains(c.path, "record_locking_configurations"):
		a.status = http.StatusForbidden
	case len(c.path) > 1 && c.path[0] == "settings" && c.path[1] == "layouts":
		a.status = http.StatusMethodNotAllowed
	}
	return a
}

// method lets a route through for one HTTP method only.
func method(c *call, pattern string, rt route, want string) (route, answer) {
	rt.pattern = pattern
	if c.r.Method != want {
		return rt, c.badMethod()
	}
	return rt, answer{}
}

// methods chooses among the routes of one path by HTTP method.
func methods(c *call, pattern string, by map[string]route) (route, answer) {
	rt, known := by[c.r.Method]
	if !known {
		return route{kind: kindOther, pattern: pattern}, c.badMethod()
	}
	rt.pattern = pattern
	return rt, answer{}
}

func (b *Box) findUsers(c *call) (route, answer) {
	switch len(c.path) {
	case 1:
		return b.findUserWrites(c, "/users")
	case 2:
		if c.path[1] == "search" {
			return method(c, "/Users/search", route{run: b.searchUsers, kind: kindRead, scopes: []string{"ZohoCRM.users.READ", "ZohoSearch.securesearch.READ"}}, http.MethodGet)
		}
		return b.findUserWrites(c, "/users/{id}")
	}
	return none(c)
}

func (b *Box) findOrg(c *call) (route, answer) {
	if len(c.path) == 1 {
		return method(c, "/org", route{run: b.getOrg, kind: kindMeta, scopes: []string{"ZohoCRM.org.READ"}}, http.MethodGet)
	}
	read, change := "ZohoCRM.settings."+c.path[1]+".READ", "ZohoCRM.settings."+c.path[1]+".UPDATE"
	switch strings.Join(c.path[1:], "/") {
	case "currencies/actions/enable":
		return methods(c, "/org/currencies/actions/enable", map[string]route{
			http.MethodPost: {run: b.postEnableCurrencies, kind: kindMeta, scopes: []string{change}, body: true},
			http.MethodPut:  {run: b.putEnableCurrencies, kind: kindMeta, scopes: []string{change}, body: true},
		})
	case "currencies/actions/available_currencies":
		return method(c, "/org/currencies/actions/available_currencies", route{run: b.getAvailableCurrencies, kind: kindMeta, scopes: []string{read}}, http.MethodGet)
	}
	if len(c.path) > 3 {
		return none(c)
	}
	switch c.path[1] {
	case "currencies":
		return methods(c, "/org/currencies", map[string]route{
			http.MethodGet:  {run: b.getCurrencies, kind: kindMeta, scopes: []string{read}},
			http.MethodPost: {run: b.postCurrencies, kind: kindMeta, scopes: []string{"ZohoCRM.settings.currencies.CREATE"}, body: true},
			http.MethodPut:  {run: b.putCurrencies, kind: kindMeta, scopes: []string{change}, body: true},
		})
	case "taxes":
		return methods(c, "/org/taxes", map[string]route{
			http.MethodGet: {run: b.getTaxes, kind: kindMeta, scopes: []string{read}},
			http.MethodPut: {run: b.putTaxes, kind: kindMeta, scopes: []string{change}, body: true},
		})
	}
	return none(c)
}

func (b *Box) findSettings(c *call) (route, answer) {
	if len(c.path) < 2 {
		return none(c)
	}
	group := c.path[1]
	scope := func(op string) []string { return []string{"ZohoCRM.settings." + group + "." + op} }
	pattern, deep := "/settings/"+group, len(c.path) > 2
	if deep {
		pattern += "/{id}"
	}
	get := route{kind: kindMeta, scopes: scope("READ")}
	switch {
	case group == "recycle_bin":
		return b.findBin(c)
	case group == "automation":
		return b.findAutomation(c)
	case group == "profiles":
		return b.findProfiles(c, pattern)
	case group == "layouts" && len(c.path) == 5 && c.path[3] == "actions" && c.path[4] == "activate":
		return methods(c, pattern+"/actions/activate", map[string]route{
			http.MethodPost:   {run: b.activateLayout, kind: kindMeta, scopes: scope("CREATE"), body: true},
			http.MethodDelete: {run: b.deactivateLayout, kind: kindMeta, scopes: scope("DELETE")},
		})
	case strings.Join(c.path[1:], "/") == "pipeline/actions/transfer":
		return method(c, "/settings/pipeline/actions/transfer", route{run: b.transferPipeline, kind: kindMeta, scopes: scope("CREATE"), body: true}, http.MethodPost)
	case len(c.path) > 3:
		return none(c)
	}
	switch group {
	case "modules":
		return b.findModules(c, pattern)
	case "fields":
		get.run = b.getFields
		by := map[string]route{http.MethodGet: get}
		if deep {
			by[http.MethodDelete] = route{run: b.deleteField, kind: kindMeta, scopes: scope("DELETE")}
			by[http.MethodPatch] = route{run: b.patchFields, kind: kindMeta, scopes: scope("UPDATE"), body: true}
		} else {
			by[http.MethodPost] = route{run: b.postFields, kind: kindMeta, scopes: scope("CREATE"), body: true}
			by[http.MethodPatch] = route{run: b.patchFields, kind: kindMeta, scopes: scope("UPDATE"), body: true}
		}
		return methods(c, pattern, by)
	case "layouts":
		get.run = b.getLayouts
		by := map[string]route{http.MethodGet: get}
		if deep {
			by[http.MethodPatch] = route{run: b.patchLayout, kind: kindMeta, scopes: scope("UPDATE"), body: true}
			by[http.MethodDelete] = route{run: b.deleteLayout, kind: kindMeta, scopes: scope("DELETE")}
		}
		return methods(c, pattern, by)
	case "related_lists":
		get.run = b.getRelatedLists
		return method(c, pattern, get, http.MethodGet)
	case "tags":
		return b.findTags(c)
	case "variables":
		return b.findVariables(c)
	case "variable_groups":
		return b.findVariableGroups(c)
	case "duplicate_check_preference":
		return b.findDuplicateCheck(c)
	case "pipeline":
		get.run = b.getPipelines
		by := map[string]route{
			http.MethodGet:   get,
			http.MethodPut:   {run: b.putPipeline, kind: kindMeta, scopes: scope("UPDATE"), body: true},
			http.MethodPatch: {run: b.putPipeline, kind: kindMeta, scopes: scope("UPDATE"), body: true},
		}
		if !deep {
			by[http.MethodPost] = route{run: b.postPipeline, kind: kindMeta, scopes: scope("CREATE"), body: true}
		}
		return methods(c, pattern, by)
	case "territories":
		get.run = b.getTerritories
		return method(c, pattern, get, http.MethodGet)
	case "custom_views":
		get.run = b.getViews
		return method(c, pattern, get, http.MethodGet)
	case "roles":
		return b.findRoles(c, pattern)
	case "record_locking_configurations":
		get.run = b.getLockConfigs
		return methods(c, pattern, map[string]route{
			http.MethodGet:    get,
			http.MethodPost:   {run: b.postLockConfig, kind: kindMeta, scopes: scope("CREATE"), body: true},
			http.MethodPut:    {run: b.putLockConfig, kind: kindMeta, scopes: scope("UPDATE"), body: true},
			http.MethodDelete: {run: b.deleteLockConfig, kind: kindMeta, scopes: scope("DELETE")},
		})
	}
	return none(c)
}

func (b *Box) findBin(c *call) (route, answer) {
	read, change := []string{"ZohoCRM.settings.recycle_bin.READ"}, []string{"ZohoCRM.settings.recycle_bin.UPDATE"}
	rest := c.path[2:]
	switch {
	case len(rest) == 0:
		return methods(c, "/settings/recycle_bin", map[string]route{
			http.MethodGet:    {run: b.getBin, kind: kindRead, scopes: read},
			http.MethodDelete: {run: b.deleteBin, kind: kindWrite, scopes: []string{"ZohoCRM.settings.recycle_bin.DELETE"}},
		})
	case len(rest) == 2 && rest[0] == "actions" && rest[1] == "count":
		return method(c, "/settings/recycle_bin/actions/count", route{run: b.countBin, kind: kindRead, scopes: read}, http.MethodGet)
	case len(rest) == 2 && rest[0] == "actions" && rest[1] == "empty":
		return method(c, "/settings/recycle_bin/actions/empty", route{run: b.emptyBin, kind: kindWrite, scopes: change}, http.MethodPost)
	case len(rest) == 2 && rest[0] == "actions" && rest[1] == "restore":
		return method(c, "/settings/recycle_bin/actions/restore", route{run: b.restoreBin, kind: kindWrite, scopes: change, body: true}, http.MethodPost)
	case len(rest) == 3 && rest[1] == "actions" && rest[2] == "restore":
		return method(c, "/settings/recycle_bin/{id}/actions/restore", route{run: b.restoreBin, kind: kindWrite, scopes: change}, http.MethodPost)
	case len(rest) == 1:
		return methods(c, "/settings/recycle_bin/{id}", map[string]route{
			http.MethodGet:    {run: b.getBin, kind: kindRead, scopes: read},
			http.MethodDelete: {run: b.deleteBin, kind: kindWrite, scopes: []string{"ZohoCRM.settings.recycle_bin.DELETE"}},
		})
	}
	return none(c)
}

func (b *Box) findWatch(c *call) (route, answer) {
	if len(c.path) != 2 || c.path[1] != "watch" {
		return none(c)
	}
	scope := func(op string) []string { return []string{"ZohoCRM.notifications." + op} }
	return methods(c, "/actions/watch", map[string]route{
		http.MethodGet:    {run: b.getWatch, kind: kindChannel, scopes: scope("READ")},
		http.MethodPost:   {run: b.postWatch, kind: kindChannel, scopes: scope("CREATE"), body: true},
		http.MethodPut:    {run: b.putWatch, kind: kindChannel, scopes: scope("UPDATE"), body: true},
		http.MethodPatch:  {run: b.patchWatch, kind: kindChannel, scopes: scope("UPDATE"), body: true},
		http.MethodDelete: {run: b.deleteWatch, kind: kindChannel, scopes: scope("DELETE")},
	})
}

// findRecords finds the routes that begin with a module's name.
func (b *Box) findRecords(c *call) (route, answer) {
	c.mod = b.module[c.path[0]]
	if c.mod == nil || c.mod.ended {
		return route{kind: kindOther, pattern: "/" + c.path[0]}, refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", object{"resource_path_index": 0})
	}
	pattern := "/" + c.mod.name
	scope := func(op string) []string { return []string{"ZohoCRM.modules." + c.mod.scope + "." + op} }
	search := append(scope("READ"), "ZohoSearch.securesearch.READ")
	rest := c.path[1:]
	switch len(rest) {
	case 0:
		return methods(c, pattern, b.recordRoutes(scope))
	case 1:
		switch rest[0] {
		case "upsert":
			return method(c, pattern+"/upsert", route{run: b.upsertRecords, kind: kindWrite, scopes: scope("CREATE"), body: true, credits: writeCredits}, http.MethodPost)
		case "deleted":
			return method(c, pattern+"/deleted", route{run: b.getDeleted, kind: kindRead, scopes: scope("READ"), credits: b.deletedCredits}, http.MethodGet)
		case "search":
			return method(c, pattern+"/search", route{run: b.searchRecords, kind: kindRead, scopes: search}, http.MethodGet)
		}
		return methods(c, pattern+"/{id}", b.singleRoutes(scope))
	case 2:
		switch {
		case rest[0] == "actions":
			return b.findAction(c, pattern, scope)
		case rest[1] == "__timeline":
			return method(c, pattern+"/{id}/__timeline", route{run: b.getTimeline, kind: kindRead, scopes: scope("READ")}, http.MethodGet)
		case rest[1] == "Notes":
			return b.findNotesOf(c, pattern)
		case rest[1] == "Attachments":
			return b.findAttachments(c, pattern)
		case rest[1] == "Locking_Information__s":
			return methods(c, pattern+"/{id}/Locking_Information__s", map[string]route{
				http.MethodGet:  {run: b.getLock, kind: kindRead, scopes: scope("READ")},
				http.MethodPost: {run: b.postLock, kind: kindWrite, scopes: scope("UPDATE"), body: true},
			})
		}
		return methods(c, pattern+"/{id}/{relatedList}", map[string]route{
			http.MethodGet:    {run: b.getRelated, kind: kindRead, scopes: scope("READ")},
			http.MethodPut:    {run: b.linkRelated, kind: kindWrite, scopes: scope("UPDATE"), body: true},
			http.MethodDelete: {run: b.unlinkRelated, kind: kindWrite, scopes: scope("DELETE")},
		})
	case 3:
		switch {
		case rest[1] == "Locking_Information__s":
			return methods(c, pattern+"/{id}/Locking_Information__s/{lock}", map[string]route{
				http.MethodGet:    {run: b.getLock, kind: kindRead, scopes: scope("READ")},
				http.MethodDelete: {run: b.deleteLock, kind: kindWrite, scopes: scope("UPDATE")},
			})
		case rest[1] == "actions":
			return b.findAction(c, pattern, scope)
		case rest[1] == "Attachments":
			return b.findAttachments(c, pattern)
		case rest[0] == "deleted":
			return method(c, pattern+"/deleted/{id}/{relatedList}", route{run: b.getRelatedOfDeleted, kind: kindRead, scopes: scope("READ")}, http.MethodGet)
		}
		return methods(c, pattern+"/{id}/{relatedList}/{record}", map[string]route{
			http.MethodGet:    {run: b.getOneRelated, kind: kindRead, scopes: scope("READ")},
			http.MethodPut:    {run: b.linkRelated, kind: kindWrite, scopes: scope("UPDATE"), body: true},
			http.MethodDelete: {run: b.unlinkRelated, kind: kindWrite, scopes: scope("DELETE")},
		})
	}
	return none(c)
}

func (b *Box) recordRoutes(scope func(string) []string) map[string]route {
	return map[string]route{
		http.MethodGet:    {run: b.listRecords, kind: kindRead, scopes: scope("READ"), credits: b.listCredits},
		http.MethodPost:   {run: b.insertRecords, kind: kindWrite, scopes: scope("CREATE"), body: true, credits: writeCredits},
		http.MethodPut:    {run: b.updateRecords, kind: kindWrite, scopes: scope("UPDATE"), body: true, credits: writeCredits},
		http.MethodDelete: {run: b.deleteRecords, kind: kindWrite, scopes: scope("DELETE")},
	}
}

func (b *Box) singleRoutes(scope func(string) []string) map[string]route {
	return map[string]route{
		http.MethodGet:    {run: b.getRecord, kind: kindRead, scopes: scope("READ")},
		http.MethodPut:    {run: b.updateRecords, kind: kindWrite, scopes: scope("UPDATE"), body: true, credits: writeCredits},
		http.MethodDelete: {run: b.deleteRecords, kind: kindWrite, scopes: scope("DELETE")},
	}
}

// collection finds the page of a list that administrators keep, all of it or one
// by its id.
func collection(c *call, pattern, scope string, since int, get, post, put, del func(*call) answer) (route, answer) {
	may := func(op string) []string { return []string{scope + "." + op} }
	by := map[string]route{
		http.MethodGet:    {run: get, kind: kindMeta, scopes: may("READ"), since: since},
		http.MethodPut:    {run: put, kind: kindMeta, scopes: may("UPDATE"), body: true, since: since},
		http.MethodDelete: {run: del, kind: kindMeta, scopes: may("DELETE"), since: since},
	}
	if len(c.path) > strings.Count(pattern, "/") {
		return methods(c, pattern+"/{id}", by)
	}
	by[http.MethodPost] = route{run: post, kind: kindMeta, scopes: may("CREATE"), body: true, since: since}
	return methods(c, pattern, by)
}
