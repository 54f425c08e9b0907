package qbobox

import (
	"encoding/json"
	"slices"
	"strings"
)

// nest is what may stand inside a property: the vendor's reader knows every
// name there is and refuses any other (2010), at whatever depth.
type nest map[string]inside

// inside is one property of a nest.
type inside struct {
	form string // text, number, flag, date, ref, any, or the name of another nest
	many bool
	enum []string
}

// nests are the types of X, the vendor's schema, that clients write: names with
// their forms. A star means a list, a bar parts the words of a closed one.
var nests = readNests(map[string]string{
	"Line": `Id LineNum:number Description Amount:number CostAmount:number HomeCostAmount:number Received:number DetailType ProjectRef:ref
		LinkedTxn:LinkedTxn* CustomField:CustomField* CustomExtensions:CustomExtensions* LineEx:any
		AccountBasedExpenseLineDetail:AccountDetail DepositLineDetail:DepositDetail DescriptionLineDetail:PlainDetail DiscountLineDetail:DiscountDetail
		GroupLineDetail:GroupDetail ItemAdjustmentLineDetail:AdjustDetail ItemBasedExpenseLineDetail:ExpenseDetail ItemReceiptLineDetail:any
		JournalEntryLineDetail:JournalDetail PaymentLineDetail:PaymentDetail PurchaseOrderItemLineDetail:any ReimburseLineDetail:any
		SalesItemLineDetail:SalesDetail SalesOrderItemLineDetail:any SubTotalLineDetail:PlainDetail TDSLineDetail:any TaxLineDetail:TaxDetail`,
	"SalesDetail": `ItemRef:ref ItemAccountRef:ref Qty:number UnitPrice:number UnitCostPrice:number RatePercent:factor PriceLevelRef:ref ClassRef:ref
		TaxCodeRef:ref TaxClassificationRef:ref TaxInclusiveAmt:number ServiceDate:date DiscountRate:factor DiscountAmt:number DeferredRevenue:flag
		RetainageAmount:number InventorySiteRef:ref UOMRef:UOMRef MarkupInfo:MarkupInfo SalesItemLineDetailEx:any`,
	"ExpenseDetail": `ItemRef:ref ItemAccountRef:ref Qty:number UnitPrice:number UnitCostPrice:number RatePercent:factor PriceLevelRef:ref ClassRef:ref
		CustomerRef:ref BillableStatus:Billable|NotBillable|HasBeenBilled TaxCodeRef:ref TaxClassificationRef:ref TaxInclusiveAmt:number
		InventorySiteRef:ref UOMRef:UOMRef MarkupInfo:MarkupInfo ItemBasedExpenseLineDetailEx:any`,
	"AccountDetail": `AccountRef:ref ClassRef:ref CustomerRef:ref BillableStatus:Billable|NotBillable|HasBeenBilled TaxCodeRef:ref TaxAmount:number
		TaxInclusiveAmt:number MarkupInfo:MarkupInfo ExpenseDetailLineDetailEx:any`,
	"GroupDetail":    `GroupItemRef:ref Quantity:number ServiceDate:date UOMRef:UOMRef Line:Line* GroupLineDetailEx:any`,
	"DiscountDetail": `PercentBased:flag DiscountPercent:number DiscountAccountRef:ref DiscountRef:ref ClassRef:ref TaxCodeRef:ref ServiceDate:date DiscountLineDetailEx:any`,
	"PlainDetail":    `ItemRef:ref ServiceDate:date TaxCodeRef:ref DescriptionLineDetailEx:any`,
	"TaxDetail": `TaxRateRef:ref PercentBased:flag TaxPercent:number NetAmountTaxable:number TaxInclusiveAmount:number OverrideDeltaAmount:number
		ServiceDate:date TaxLineDetailEx:any`,
	"DepositDetail": `AccountRef:ref Entity:ref ClassRef:ref PaymentMethodRef:ref CheckNum TxnType TaxCodeRef:ref TaxApplicableOn:Sales|Purchase DepositLineDetailEx:any`,
	"JournalDetail": `PostingType AccountRef:ref Entity:JournalEntity ClassRef:ref DepartmentRef:ref BillableStatus:Billable|NotBillable|HasBeenBilled
		TaxCodeRef:ref TaxRateRef:ref TaxAmount:number TaxInclusiveAmt:number TaxApplicableOn:Sales|Purchase JournalCodeRef:ref JournalEntryLineDetailEx:any`,
	"JournalEntity":     `Type EntityRef:ref`,
	"PaymentDetail":     `ItemRef:ref ClassRef:ref ServiceDate:date Balance:number HomeBalance:number Discount:DiscountDetail PaymentLineEx:any`,
	"AdjustDetail":      `ItemRef:ref QtyDiff:number NewQty:number SalesPrice:number ClassRef:ref`,
	"MarkupInfo":        `PercentBased:flag Percent:number Value:number PriceLevelRef:ref MarkUpIncomeAccountRef:ref`,
	"UOMRef":            `Unit UOMSetRef:ref`,
	"LinkedTxn":         `TxnId TxnType TxnLineId`,
	"CustomField":       `DefinitionId Name Type:StringType|BooleanType|NumberType|DateType StringValue BooleanValue:flag NumberValue:number DateValue:date`,
	"CustomExtensions":  `ExtensionType AssociatedValues:any`,
	"TxnTaxDetail":      `TxnTaxCodeRef:ref DefaultTaxCodeRef:ref TotalTax:number TaxReviewStatus:NON_AST_TAX|AST_TAX_OVERRIDE UseAutomatedSalesTax:flag TaxLine:Line*`,
	"CheckPayment":      `CheckNum Status NameOnAcct AcctNum BankName CheckPaymentEx:any`,
	"CreditCardPayment": `CreditChargeInfo:any CreditChargeResponse:any`,
	"BillPaymentCheck":  `BankAccountRef:ref PrintStatus:NotSet|NeedToPrint|PrintComplete CheckDetail:CheckPayment PayeeAddr:any BillPaymentCheckEx:any`,
	"BillPaymentCard":   `CCAccountRef:ref CCDetail:CreditCardPayment BillPaymentCreditCardEx:any`,
	"CashBack":          `AccountRef:ref Amount:number Memo`,
	"AttachableRef":     `EntityRef:ref IncludeOnSend:flag LineInfo CustomField:CustomField* AttachableRefEx:any`,
	"BankDetail":        `BankAccountName BankBranchIdentifier BankAccountNumber StatementText`,
}, preferenceNests)

func readNests(groups ...map[string]string) map[string]nest {
	out := map[string]nest{}
	for _, specs := range groups {
		readNestsOf(out, specs)
	}
	return out
}

func readNestsOf(out map[string]nest, specs map[string]string) {
	for name, spec := range specs {
		n := nest{}
		for word := range strings.FieldsSeq(spec) {
			key, form, _ := strings.Cut(word, ":")
			in := inside{form: strings.TrimSuffix(form, "*"), many: strings.HasSuffix(form, "*")}
			if strings.Contains(form, "|") {
				in = inside{form: "text", enum: strings.Split(form, "|")}
			}
			n[key] = in
		}
		out[name] = n
	}
}

// one and many are properties with a nest inside.
func one(of string) field  { return field{kind: kNest, of: inside{form: of}} }
func many(of string) field { return field{kind: kNest, of: inside{form: of, many: true}} }

// freeRef points at something that the box keeps no list of.
var freeRef = one("ref")

// checkInside checks one property of a nest, and everything below it. Values
// come back as the vendor stores them: numbers and flags that were sent as
// texts are none any more.
func checkInside(in inside, key string, v any) (any, *fault) {
	if v == nil {
		return nil, nil
	}
	if !in.many {
		return checkNestValue(in, key, v)
	}
	raw, ok := v.([]any)
	if !ok {
		return nil, badProperty()
	}
	out := make([]any, 0, len(raw))
	for _, e := range raw {
		got, flt := checkNestValue(in, key, e)
		if flt != nil {
			return nil, flt
		}
		if got != nil {
			out = append(out, got)
		}
	}
	return out, nil
}

func checkNestValue(in inside, key string, v any) (any, *fault) {
	if n, ok := nests[in.form]; ok {
		return checkNest(n, key, v)
	}
	switch in.form {
	case "any":
		return tidyNumbers(v), nil
	case "number":
		return checkNumber(key, v)
	case "factor":
		return checkFactor(key, v)
	case "flag":
		return checkBool(v)
	case "date":
		if v == "" {
			return nil, nil
		}
		return checkDate(key, v)
	case "ref":
		return checkNest(refNest, key, v)
	}
	s, ok := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		s, ok = n.String(), true
	}
	if !ok {
		return nil, badProperty()
	}
	if in.enum != nil && s != "" && !slices.Contains(in.enum, s) {
		return nil, badEnum(key, s)
	}
	return s, nil
}

var refNest = nest{"value": {}, "name": {}, "type": {}}

func checkNest(n nest, key string, v any) (any, *fault) {
	o, ok := v.(object)
	if !ok {
		return nil, badProperty()
	}
	out := make(object, len(o))
	for _, k := range sortedKeys(o) {
		in, known := n[k]
		if !known {
			return nil, badProperty()
		}
		got, flt := checkInside(in, key+"."+k, o[k])
		if flt != nil {
			return nil, flt
		}
		if got != nil {
			out[k] = got
		}
	}
	return out, nil
}
