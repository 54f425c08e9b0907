package zohobox

import "slices"

// checkStage holds a deal to its pipeline: a stage that the pipeline does not go
// through is a mismatch. Writes tell it by the field that the stage depends on,
// mass updates by the field that is mapped (section 4.6).
func (b *Box) checkStage(d *draft) {
	_, staged := d.obj["Stage"]
	_, piped := d.obj["Pipeline"]
	name, stage := text(d.rec.vals["Pipeline"]), text(d.rec.vals["Stage"])
	if d.m.name != "Deals" || !staged && !piped || name == "" || stage == "" || len(d.errs) > 0 {
		return
	}
	p := b.pipelineOf(d.rec.layout, name)
	if p == nil {
		var all []any
		for _, x := range b.pipelines {
			if x.Layout == d.rec.layout {
				all = append(all, x.Name)
			}
		}
		d.fail(invalidAt("Pipeline", d.path+".Pipeline", object{"supported_values": all}))
		return
	}
	if p.has(stage) {
		return
	}
	details := object{"api_name": "Stage", "json_path": d.path + ".Stage"}
	if d.c.batch.source == massSource || len(d.c.path) > 0 && slices.Contains(d.c.path, massSource) {
		details["mapped_field"] = "Pipeline"
		d.fail(&failure{code: "MAPPING_MISMATCH", message: "the stage is not mapped to the pipeline", details: details})
		return
	}
	details["dependee"] = object{"api_name": "Pipeline", "json_path": d.path + ".Pipeline"}
	d.fail(&failure{code: "DEPENDENT_MISMATCH", message: "the stage does not belong to the pipeline", details: details})
}
