using System.CommandLine;
using EdgeInference.Benchmarks.Commands;

var rounds = new Option<int>("--rounds") { Description = "Rounds of each contender; medians are over these.", DefaultValueFactory = _ => 301 };
var root = new RootCommand("Times EdgeRuntime beside its peers and beside this machine's limits.") { rounds };
root.SetAction(result => CompareCommand.Run(result.GetValue(rounds), ""));
root.Add(CompareCommand.Create());
Add("batch", "RunBatch as a share of peak, on one thread and two.", BatchCommand.Run);
root.Add(SweepCommand.Create());
root.Add(NanoCostCommand.Create());
root.Add(AccuracyCommand.Create());
root.Add(LearningSpeedCommand.Create());
var svg = new Option<string?>("--svg") { Description = "Where to draw the result." };
var roofline = new Command("roofline", "Single layers against this machine's measured limits.") { rounds, svg };
roofline.SetAction(result => RooflineCommand.Run(result.GetValue(rounds), result.GetValue(svg)));
root.Add(roofline);
return root.Parse(args).Invoke();

void Add(string name, string description, Action<int> run)
{
    var command = new Command(name, description) { rounds };
    command.SetAction(result => run(result.GetValue(rounds)));
    root.Add(command);
}
