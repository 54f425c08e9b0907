package zohobox

// edition is a row of the vendor's tables of editions (sections 4.7, 9.2, 9.6
// and 14). Which edition has layouts of its own making and locks is not stated;
// they are taken to come with several currencies, which is the harsher answer.
type edition struct {
	perUser     int // credits on top of the base for each user
	base        int
	ceiling     int // 0: none
	concurrency int
	fields      int  // custom fields per module
	subforms    int  // custom subforms per module
	advanced    bool // several currencies, further layouts, record locking, duplicate checks
}

var (
	standardRow     = edition{250, 50_000, 100_000, 10, 10, 0, false}
	enterpriseRow   = edition{1000, 50_000, 5_000_000, 20, 300, 2, true}
	ultimateRow     = edition{2000, 50_000, 0, 25, 500, 5, true}
	professionalRow = edition{500, 50_000, 3_000_000, 15, 155, 0, false}
)

// editions are named as the organisation's paid_type names them (section 9.4).
var editions = map[string]edition{
	"free": {0, 5_000, 5_000, 5, 0, 0, false}, "standard": standardRow, "professional": professionalRow, "enterprise": enterpriseRow, "ultimate": ultimateRow,
	"crmplusstarter": standardRow, "zohoonestandard": standardRow, "zohooneenterprise": enterpriseRow, "crmplus": ultimateRow,
}

// Editions are the names that Options.Edition takes.
func Editions() []string { return sortedKeys(editions) }

func (b *Box) edition() edition { return editions[b.opt.Edition] }

// unsupported is what an edition answers to what it does not have.
func unsupported() *failure {
	return &failure{status: 403, code: "FEATURE_NOT_SUPPORTED", message: "The feature is available from the Enterprise edition on"}
}
