using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>The loops of a recurrent layer over sequences and their steps: the local "place" counts steps of all sequences, "sequence" the sequences.</summary>
internal sealed class StepLoops
{
    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly int steps;
    private readonly int batch;
    private readonly int hidden;
    private readonly bool isReverse;

    internal StepLoops(EmitContext context, OperatorRecord record)
    {
        this.context = context;
        this.record = record;
        steps = record.Inputs[0].Dimension(0);
        batch = record.Inputs[0].Dimension(1);
        hidden = record.Inputs[2].Dimension(1);
        isReverse = record.Int(record.Info.Opcode is Opcode.QuantizedLSTM or Opcode.QuantizedRecurrent ? QuantizedLSTMRule.Reverse : RecurrentRule.Reverse) != 0;
        context.Comment($"{record.Info.Name} of {hidden} units over {steps} steps");
    }

    internal void OpenSequences() => context.BeginLoop($"for (int sequence = 0; sequence < {batch}; sequence++)", batch);

    internal void OpenSteps()
    {
        context.BeginLoop(isReverse ? $"for (int step = {steps - 1}; step >= 0; step--)" : $"for (int step = 0; step < {steps}; step++)", steps);
        context.Add($"{context.Declare("int", "place")}place = (step * {batch}) + sequence;", 6, 12);
    }

    /// <summary>Fills a state from an input that the operator need not have, else with zeros.</summary>
    internal void Load(int input, string state)
    {
        if (record.HasInput(input))
        {
            ArrayPlace first = context.Source(record.Inputs[input]);
            context.Add($"Array.Copy({first.Name}, (sequence * {hidden}){Plus(first.Offset)}, {state}, 0, {hidden});", 18, 26);
        }
        else
        {
            context.Add($"Array.Clear({state}, 0, {hidden});", 12, 16);
        }
    }

    /// <summary>Keeps the state of a step and ends it.</summary>
    internal void CloseSteps(string state)
    {
        ArrayPlace states = context.Target(record.Outputs[0]);
        context.Add($"Array.Copy({state}, 0, {states.Name}, (place * {hidden}){Plus(states.Offset)}, {hidden});", 18, 26);
        context.EndLoop();
    }

    /// <summary>Keeps the last state of a sequence.</summary>
    internal void Save(int output, string state)
    {
        ArrayPlace last = context.Target(record.Outputs[output]);
        context.Add($"Array.Copy({state}, 0, {last.Name}, (sequence * {hidden}){Plus(last.Offset)}, {hidden});", 18, 26);
    }

    internal void CloseSequences() => context.EndLoop();

    internal static string Plus(int offset) => offset == 0 ? "" : $" + {offset}";
}
