using EdgeInference.Nano;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.ModelFormat
{
    /// <content>What this engine has no kernel for is refused before its rule, which an engine for one model has for its own types only.</content>
    internal sealed partial class ModelFileReader
    {
        static partial void RequireKernel(OperatorRecord record)
        {
            TensorType type = record.Inputs[0].Type;
            if (!KernelTable.Has(record.Opcode, type))
            {
                throw new ModelFormatException("operators", record.Offset, "this engine has no " + record.Name + " for element type " + NanoModel.TypeName(type) + "; export the model for this engine or update the runtime");
            }
        }
    }
}
