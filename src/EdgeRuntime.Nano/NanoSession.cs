using System;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Kernels;

namespace EdgeInference.Nano
{
    /// <summary>
    /// Runs a model. All memory is allocated here, once; no Run allocates, locks or throws unless its arguments are wrong. Serves one
    /// thread at a time. <see cref="Classifier"/> decides on what it gives.
    /// </summary>
    public sealed class NanoSession
    {
        // No tensor has this type.
        private const TensorType Mixed = 0;

        private readonly ModelFile file;
        private readonly SessionMemory memory;
        private readonly NanoKernel[] kernels;
        private readonly TensorType inputType;
        private readonly TensorType outputType;

        /// <summary>Creates a session.</summary>
        /// <param name="model">The model.</param>
        /// <param name="packWeights">
        /// True for speed: int8 weights are copied to RAM in the order that the kernels read them, 8 bytes for three weights.
        /// False for memory: they are read in the model file where they lie, in about twice the time. Of no effect on a model whose
        /// weights are read in chunks.
        /// </param>
        /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
        public NanoSession(NanoModel model, bool packWeights = true)
        {
            if (model == null)
            {
                throw new ArgumentNullException(nameof(model));
            }

            Model = model;
            file = model.File;
            memory = new SessionMemory(file);
            InputLength = model.InputLength;
            OutputLength = model.OutputLength;
            inputType = CommonType(file.Inputs);
            outputType = CommonType(file.Outputs);

            NanoKernel[] bound = new NanoKernel[file.OperatorCount];
            int count = 0;
            for (int i = 0; i < bound.Length; i++)
            {
                NanoKernel kernel = KernelTable.Bind(new BindContext(file, memory, file.Operator(i), packWeights, model.ChunkBytes));
                if (kernel != null)
                {
                    bound[count++] = kernel;
                }
            }

            kernels = new NanoKernel[count];
            Array.Copy(bound, kernels, count);
            memory.Release();
        }

        /// <summary>The model.</summary>
        public NanoModel Model { get; }

        /// <summary>Number of values that one inference takes.</summary>
        public int InputLength { get; }

        /// <summary>Number of values that one inference gives.</summary>
        public int OutputLength { get; }

        /// <summary>Runs one inference. Quantized inputs and outputs are converted by their scale and zero point.</summary>
        /// <param name="input"><see cref="InputLength"/> values: all inputs one after the other, row-major.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length.</exception>
        public void Run(float[] input, float[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            TensorPort.Write(file.Inputs, memory, input);
            RunKernels();
            TensorPort.Read(file.Outputs, memory, output);
        }

        /// <summary>Runs one inference on a model whose inputs and outputs are int8, without conversion.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> quantized values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length, or the model another type.</exception>
        public void Run(sbyte[] input, sbyte[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            CheckTypes(outputType, TensorType.Int8, "output");
            WriteRaw(input, TensorType.Int8);
            RunKernels();
            ReadRaw(output);
        }

        /// <summary>Runs one inference on a model whose inputs and outputs are int16, without conversion.</summary>
        /// <param name="input"><see cref="InputLength"/> quantized values.</param>
        /// <param name="output">Room for <see cref="OutputLength"/> quantized values or more.</param>
        /// <exception cref="ArgumentException">An array has the wrong length, or the model another type.</exception>
        public void Run(short[] input, short[] output)
        {
            CheckLengths(input == null ? -1 : input.Length, output == null ? -1 : output.Length);
            CheckTypes(outputType, TensorType.Int16, "output");
            WriteRaw(input, TensorType.Int16);
            RunKernels();
            ReadRaw(output);
        }

        /// <summary>Sets the state that the model keeps between inferences back to zero.</summary>
        public void Reset()
        {
            memory.Reset();
        }

        // What a kernel wrote last, for learning heads.
        internal Array Elements(TensorInfo tensor)
        {
            return memory.Elements(tensor);
        }

        // One inference on raw values with outputs as real numbers; the inputs as real numbers too, where there is an array for them.
        internal void RunRaw(Array input, int length, TensorType type, float[] output, float[] realInputs)
        {
            CheckLengths(length, output.Length);
            WriteRaw(input, type);
            if (realInputs != null)
            {
                TensorPort.Read(file.Inputs, memory, realInputs);
            }

            RunKernels();
            TensorPort.Read(file.Outputs, memory, output);
        }

        private void RunKernels()
        {
            NanoKernel[] bound = kernels;
            for (int i = 0; i < bound.Length; i++)
            {
                bound[i].Run();
            }
        }

        private void CheckLengths(int input, int output)
        {
            if (input != InputLength || output < OutputLength)
            {
                throw new ArgumentException("The input is " + Count(input) + " and the output is " + Count(output) + "; the model takes " + Count(InputLength) + " and returns " + OutputLength.ToString() + ".");
            }
        }

        private static string Count(int length)
        {
            return length < 0 ? "null" : length.ToString() + " values";
        }

        private static void CheckTypes(TensorType actual, TensorType type, string role)
        {
            if (actual != type)
            {
                throw new ArgumentException("The model's " + role + " holds " + (actual == Mixed ? "several types" : NanoModel.TypeName(actual)) + ", not " + NanoModel.TypeName(type) + ".");
            }
        }

        private static TensorType CommonType(TensorInfo[] tensors)
        {
            TensorType type = tensors[0].Type;
            for (int i = 1; i < tensors.Length; i++)
            {
                type = tensors[i].Type == type ? type : Mixed;
            }

            return type;
        }

        private void WriteRaw(Array input, TensorType type)
        {
            CheckTypes(inputType, type, "input");
            int from = 0;
            for (int i = 0; i < file.Inputs.Length; i++)
            {
                TensorInfo tensor = file.Inputs[i];
                Array.Copy(input, from, memory.Elements(tensor), 0, tensor.Elements);
                from += tensor.Elements;
            }
        }

        private void ReadRaw(Array output)
        {
            int to = 0;
            for (int i = 0; i < file.Outputs.Length; i++)
            {
                TensorInfo tensor = file.Outputs[i];
                Array.Copy(memory.Elements(tensor), 0, output, to, tensor.Elements);
                to += tensor.Elements;
            }
        }
    }
}
